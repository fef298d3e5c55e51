// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.WorkLine.LineId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which message is next: one at a time within a key, in the order of arrival, any number across
 * keys; messages without key are each a line of their own. It has no threads and no clock.
 * Thread-safe.
 */
final class KeyScheduler {
  private final Map<LineId, WorkLine> lines = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Adds what arrived; the line is returned if it stood idle and so must be started now. */
  Optional<WorkLine> add(Work work) {
    String key = work.delivery.key();
    if (key == null) {
      WorkLine alone = new WorkLine(null);
      alone.works.add(work);
      return Optional.of(alone);
    }
    LineId id = new LineId(work.lane, key);
    lock.lock();
    try {
      WorkLine line = lines.get(id);
      boolean idle = line == null;
      if (line == null) {
        line = new WorkLine(id);
        lines.put(id, line);
      }
      line.works.add(work);
      return idle ? Optional.of(line) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The message to work on; null if the line has become idle. */
  @Nullable Work front(WorkLine line) {
    lock.lock();
    try {
      Work front = line.works.peek();
      if (front == null && line.id != null) {
        lines.remove(line.id);
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
