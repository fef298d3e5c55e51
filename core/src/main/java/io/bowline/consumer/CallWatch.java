// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/** All who want to know of a call of the handler. Thread-safe. */
record CallWatch(Gate gate, Watchdog watchdog, CallMeters meters) {

  /** The handler is about to be called, by the thread that tells. */
  void began(Work work) {
    meters.began(work);
    watchdog.began(work);
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
    return against;
  }
}
