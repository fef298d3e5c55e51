// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

/** A broker or a store that was not reached, or did not let us in. */
final class NotReached extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotReached(String message, Throwable cause) {
    super(message, cause);
  }
}
