// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * All who want to know of a call of the handler. Thread-safe.
 *
 * @param attempts null if no store counts attempts
 */
record CallWatch(Gate gate, Watchdog watchdog, CallMeters meters, @Nullable Attempts attempts) {

  /** The handler is about to be called, by the thread that tells. */
  void began(Work work) {
    meters.began(work);
    watchdog.began(work);
  }

  /**
   * Has the call counted; if it throws there is to be none.
   *
   * @throws AttemptNotRecorded if the store does not count it
   * @throws AttemptsExhausted if it has counted enough
   */
  void count(Work work) {
    if (attempts != null) {
      attempts.begin(work);
    }
  }

  /**
   * The call ended.
   *
   * @return whether a failure is to be held against its message
   */
  boolean ended(Work work, @Nullable Throwable failure) {
    work.failedLast = failure != null;
    meters.ended(work, failure == null);
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
