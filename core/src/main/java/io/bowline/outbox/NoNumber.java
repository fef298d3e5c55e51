// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

/** A keyed row without number, where rows are numbered. */
final class NoNumber extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoNumber() {
    super(
        "it was appended without a number, before the outbox was told to draw them: unpark it,"
            + " which draws one",
        null,
        false,
        false);
  }
}
