// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import org.jspecify.annotations.Nullable;

/**
 * A broker, or the way to it, failed. The message says what was tried, on what, what was seen and
 * what to do; the {@linkplain #verdict() verdict} says what that proves.
 */
public final class TransportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Verdict verdict;

  /** A failure with the client's own exception as its cause, if there is one. */
  public TransportException(Verdict verdict, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.verdict = verdict;
  }

  /** A failure that no exception of a client caused. */
  public TransportException(Verdict verdict, String message) {
    this(verdict, message, null);
  }

  /** What the failure proves about the message that was being sent. */
  public Verdict verdict() {
    return verdict;
  }
}
