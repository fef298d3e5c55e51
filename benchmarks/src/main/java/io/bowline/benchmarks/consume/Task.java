// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.benchmarks.measure.Meter;
import io.bowline.benchmarks.measure.Turn;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What a reader is to do in a turn: read what lies in a topic, as a group. Thread-safe. */
final class Task {
  private static final long LOOK_AGAIN = Duration.ofNanos(200_000).toNanos();

  /** The topic and the group. */
  final Place place;

  /** How many messages there are. */
  final long messages;

  private final long workNanos;
  private final LongAdder handled = new LongAdder();

  /** Where to read; the group has read none of it yet. */
  record Place(String topic, String group) {}

  /**
   * A task.
   *
   * @param work how long a handler waits, as for a database; zero for none
   */
  Task(Place place, long messages, Duration work) {
    this.place = place;
    this.messages = messages;
    this.workNanos = work.toNanos();
  }

  /** The work on one message. */
  void handle() {
    if (workNanos > 0) {
      long end = System.nanoTime() + workNanos;
      for (long left = workNanos; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
    handled.increment();
  }

  /**
   * Measures from the first message, when the group was joined, to the last.
   *
   * @throws IllegalStateException if some do not come
   */
  Turn measure(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    await(1, end);
    Meter meter = new Meter();
    long before = handled.sum();
    await(messages, end);
    return new Turn(Math.max(1, messages - before), meter.read());
  }

  private void await(long wanted, long end) {
    while (handled.sum() < wanted) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "%d of %d messages of %s were handled".formatted(handled.sum(), messages, place));
      }
      LockSupport.parkNanos(LOOK_AGAIN);
    }
  }
}
