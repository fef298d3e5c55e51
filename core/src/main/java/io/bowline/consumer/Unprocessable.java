// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/** Thrown by a handler for a message that it can never process, however often it is tried. */
public final class Unprocessable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, which goes into the dead letter. */
  public Unprocessable(String reason) {
    super(reason);
  }

  /** With the reason and what showed it. */
  public Unprocessable(String reason, Throwable cause) {
    super(reason, cause);
  }
}
