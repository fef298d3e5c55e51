// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;

/**
 * How long a poll waits for a first delivery: what handlers finish meanwhile is told after it.
 * Pure; confined to the polling thread.
 */
final class PollWait {
  /** While nothing is at work, and so at most how late a close is noticed. */
  static final Duration IDLE = Duration.ofMillis(250);

  /** While handlers are at work. */
  static final Duration BUSY = Duration.ofMillis(10);

  /** The same, where the broker brings nothing more until it heard of their end. */
  static final Duration EAGER = Duration.ofMillis(1);

  /** So many polls after a delivery are eager: quick handlers have ended by then. */
  static final int EAGER_POLLS = 20;

  private final boolean handsOutAfterSettling;
  private int eager;

  PollWait(boolean handsOutAfterSettling) {
    this.handsOutAfterSettling = handsOutAfterSettling;
  }

  /** The last poll brought something. */
  void delivered() {
    eager = handsOutAfterSettling ? EAGER_POLLS : 0;
  }

  /** The wait of the next poll, which asks for so many while so many are held. */
  Duration next(int room, int held) {
    if (room == 0) {
      return Duration.ZERO;
    }
    if (held == 0) {
      return IDLE;
    }
    if (eager > 0) {
      eager--;
      return EAGER;
    }
    return BUSY;
  }
}
