// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

/**
 * A message was not appended, since too many wait already: roll the transaction back, and tell
 * whoever asked for it to come later.
 */
public final class OutboxFull extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutboxFull(String outbox, long most) {
    super(
        "Appending to outbox "
            + outbox
            + " was refused, since "
            + most
            + " messages or more wait in it: see whether a relay runs and the broker is there, or"
            + " raise mostPending");
  }
}
