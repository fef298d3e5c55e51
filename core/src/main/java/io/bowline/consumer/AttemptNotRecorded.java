// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/** The store of attempts did not count one, so the handler was not called. */
final class AttemptNotRecorded extends HeldBack {
  private static final long serialVersionUID = 1;

  AttemptNotRecorded(Throwable cause) {
    super("The attempt store did not count an attempt: " + cause, cause);
  }
}
