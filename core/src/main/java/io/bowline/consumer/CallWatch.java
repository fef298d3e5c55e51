// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * All who want to know of a call of the handler. Thread-safe.
 *
 * @param attempts null if no store counts attempts
 * @param claims null if nothing remembers what took effect
 */
record CallWatch(
    Gate gate,
    Watchdog watchdog,
    CallMeters meters,
    @Nullable Attempts attempts,
    @Nullable Claims claims) {

  /** The handler is about to be called, by the thread that tells. */
  void began(Work work) {
    meters.began(work);
    watchdog.began(work);
  }

  /**
   * Has the message claimed and the call counted; if it throws there is to be none.
   *
   * @return whether the handler is to be called; if not, the message took effect already
   * @throws ClaimBusy if somebody else is at work on it
   * @throws DedupeFailed if it could not be claimed
   * @throws AttemptNotRecorded if the store does not count it
   * @throws AttemptsExhausted if it has counted enough
   */
  boolean mayCall(Work work) {
    if (claims != null && !claims.mayCall(work)) {
      return false;
    }
    if (attempts != null) {
      attempts.begin(work);
    }
    return true;
  }

  /**
   * What a call ended with, once its effect is remembered: before anything else is told of it.
   *
   * @return why the message may not be acknowledged; null if it may
   */
  @Nullable Throwable remembered(Work work, @Nullable Throwable failure) {
    return claims == null ? failure : claims.ended(work, failure);
  }

  /**
   * The call ended.
   *
   * @return whether a failure is to be held against its message
   */
  boolean ended(Work work, @Nullable Throwable failure) {
    work.failedLast = failure != null;
    if (!(failure instanceof ClaimBusy)) {
      meters.ended(work, failure == null);
    }
    boolean against = gate.ended(work, failure);
    watchdog.ended(work, failure);
    if (attempts != null) {
      attempts.ended(work, failure, against && work.lane.isOpen());
    }
    return against;
  }

  /** Its dead letter was confirmed. */
  void died(Work work) {
    if (attempts != null) {
      attempts.done(work);
    }
  }
}
