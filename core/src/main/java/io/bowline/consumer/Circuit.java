// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.retry.Retry;
import java.util.random.RandomGenerator;

/**
 * The decisions of a circuit breaker. It is closed while calls may go on; after too many failures
 * in a row it is open, and nobody may call; after a wait one call probes. That one ends well: it is
 * closed; it fails: it is open again, for longer. Pure; not thread-safe.
 */
final class Circuit {
  private enum State {
    CLOSED,
    OPEN,
    PROBING
  }

  private final int limit;
  private final Retry waits;
  private final RandomGenerator random;
  private State state = State.CLOSED;
  private int failures;
  private int probes;
  private long openUntil;

  Circuit(CircuitBreaker rule, RandomGenerator random) {
    this.limit = rule.failures();
    this.waits = Retry.forever().backoff(rule.first(), rule.longest());
    this.random = random;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether it is closed, and no failure counts towards its opening. */
  boolean isCalm() {
    return isClosed() && failures == 0;
  }

  boolean isProbing() {
    return state == State.PROBING;
  }

  /** How long until a call may begin, in nanoseconds; 0 if now. While it probes, none. */
  long untilNext(long now) {
    return switch (state) {
      case CLOSED -> 0;
      case OPEN -> Math.max(0, openUntil - now);
      case PROBING -> Admission.UNTIL_TOLD;
    };
  }

  /** A call begins, after {@link #untilNext} was 0; whether it is the probe. */
  boolean begin() {
    if (state == State.CLOSED) {
      return false;
    }
    state = State.PROBING;
    return true;
  }

  /** A call ended well. */
  void succeeded(boolean probe) {
    if (probe || state == State.CLOSED) {
      state = State.CLOSED;
      failures = 0;
      probes = 0;
    }
  }

  /**
   * A call failed.
   *
   * @return whether that is to be held against its message: not once it is known that no message
   *     would have fared better
   */
  boolean failed(boolean probe, long now) {
    boolean wasClosed = isClosed();
    if (wasClosed) {
      failures++;
    }
    if (probe || (wasClosed && failures >= limit)) {
      probes++;
      state = State.OPEN;
      openUntil = now + waits.delayAfter(probes, random).toNanos();
    }
    return wasClosed;
  }

  /** The probe ended in a way that tells nothing: another call may probe at once. */
  void toldNothing(long now) {
    if (state == State.PROBING) {
      state = State.OPEN;
      openUntil = now;
    }
  }
}
