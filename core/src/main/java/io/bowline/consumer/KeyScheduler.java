// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which message is next: one at a time within a key, in the order of arrival, any number across
 * keys; messages without key are each a line of their own. It has no threads and no clock.
 * Thread-safe.
 */
final class KeyScheduler {
  private final Map<String, WorkLine> lines = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Adds what arrived; the line is returned if nobody works on it and so it must be run now. */
  Optional<WorkLine> add(Work work) {
    String key = work.delivery.key();
    if (key == null) {
      WorkLine alone = new WorkLine(null);
      alone.works.add(work);
      return Optional.of(alone);
    }
    lock.lock();
    try {
      WorkLine line = lines.get(key);
      boolean idle = line == null;
      if (line == null) {
        line = new WorkLine(key);
        lines.put(key, line);
      } else if (!line.works.isEmpty() && line.works.getLast().lane != work.lane) {
        line.dropStale();
      }
      line.works.add(work);
      boolean woken = line.waitsInVain();
      if (woken) {
        line.paused = false;
      }
      return idle || woken ? Optional.of(line) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The front waits; a number for {@link #resume}, or none if it would wait in vain. */
  OptionalInt pause(WorkLine line) {
    lock.lock();
    try {
      line.paused = true;
      if (line.waitsInVain()) {
        line.paused = false;
        return OptionalInt.empty();
      }
      return OptionalInt.of(++line.pauses);
    } finally {
      lock.unlock();
    }
  }

  /** The wait of this pause is over; false if the line was run for another reason meanwhile. */
  boolean resume(WorkLine line, int pause) {
    lock.lock();
    try {
      boolean still = line.paused && line.pauses == pause;
      if (still) {
        line.paused = false;
      }
      return still;
    } finally {
      lock.unlock();
    }
  }

  /** The message to work on; null if the line has become idle. */
  @Nullable Work front(WorkLine line) {
    lock.lock();
    try {
      Work front = line.works.peek();
      if (front == null && line.key != null) {
        lines.remove(line.key);
      }
      return front;
    } finally {
      lock.unlock();
    }
  }

  /** The message at the front is done with: the next one may follow. */
  void done(WorkLine line) {
    lock.lock();
    try {
      line.works.remove();
    } finally {
      lock.unlock();
    }
  }
}
