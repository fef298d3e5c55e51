// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.BrokerEvents;
import java.util.concurrent.TimeUnit;

/**
 * Whether the client's buffer is full. As long as it is, only one send in a while waits for room:
 * the others are turned away at once. Thread-safe.
 */
final class BufferPressure {
  static final String CAUSE = "buffer";

  /** How long after a send found no room the next may look for it. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final BrokerEvents events;
  private volatile boolean full;
  private volatile long lastTried;

  BufferPressure(BrokerEvents events) {
    this.events = events;
  }

  /** Whether a send would wait in vain; if not, and it is full, the next is turned away. */
  boolean turnsAway(long now) {
    if (!full) {
      return false;
    }
    if (now - lastTried < LOOK_AGAIN_NANOS) {
      return true;
    }
    lastTried = now;
    return false;
  }

  /** A send has waited for room in vain. */
  synchronized void found() {
    lastTried = System.nanoTime();
    if (!full) {
      full = true;
      events.blocked(
          CAUSE,
          "the Kafka client's buffer is full (buffer.memory): messages come faster than the broker"
              + " stores them");
    }
  }

  boolean full() {
    return full;
  }

  /** There is room again. */
  void over() {
    if (full) {
      ended();
    }
  }

  private synchronized void ended() {
    if (full) {
      full = false;
      events.unblocked(CAUSE);
    }
  }
}
