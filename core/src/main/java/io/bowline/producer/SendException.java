// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import org.jspecify.annotations.Nullable;

/** A send that was not confirmed: the cause in a send's future. */
public final class SendException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Outcome outcome;
  private final String messageId;
  private final int attempts;

  SendException(Unconfirmed how, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.outcome = how.outcome;
    this.messageId = how.messageId;
    this.attempts = how.attempts;
  }

  record Unconfirmed(Outcome outcome, String messageId, int attempts) {}

  /** {@link Outcome#REJECTED} or {@link Outcome#UNKNOWN}, never {@link Outcome#CONFIRMED}. */
  public Outcome outcome() {
    return outcome;
  }

  /** Whether the broker refused it: proven not stored, and to send it again cannot help. */
  public boolean isRefused() {
    return outcome == Outcome.REJECTED
        && getCause() instanceof TransportException broker
        && broker.verdict() == Verdict.REFUSED;
  }

  /**
   * The id under which the message was, or would have been, sent; empty if none could be drawn, and
   * then nothing was sent.
   */
  public String messageId() {
    return messageId;
  }

  /** How often it was handed to the broker's client; 0 if never. */
  public int attempts() {
    return attempts;
  }
}
