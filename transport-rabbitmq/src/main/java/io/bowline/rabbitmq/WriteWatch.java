// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.time.Duration;

/**
 * Watches the one thread that writes: amqp-client sets no limit to a write into a socket whose peer
 * no longer reads. Thread-safe.
 */
final class WriteWatch {
  private static final long IDLE = Long.MIN_VALUE;

  private final long longest;
  private volatile long began = IDLE;

  WriteWatch(Duration longest) {
    this.longest = longest.toNanos();
  }

  /** A write begins; another one may be under way, which then has ended. */
  void begin(long now) {
    began = now == IDLE ? now + 1 : now;
  }

  void end() {
    began = IDLE;
  }

  /** Whether one write has lasted as long as it may. */
  boolean isOverdue(long now) {
    return lasts(now, longest);
  }

  /** Whether one write has lasted this long. */
  boolean lasts(long now, long nanos) {
    long since = began;
    return since != IDLE && now - since >= nanos;
  }
}
