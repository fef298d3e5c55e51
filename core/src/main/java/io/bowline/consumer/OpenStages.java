// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many lines may be at work at once where the work goes on without a thread; the others wait
 * for their turn, in the order of their asking. It has no threads and no clock. Thread-safe.
 */
final class OpenStages {
  private final Queue<WorkLine> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private int free;

  /**
   * @param limit the most lines at work
   */
  OpenStages(int limit) {
    free = limit;
  }

  /** Whether the line may work; if not, a later {@link #leave} returns it, once it may. */
  boolean enter(WorkLine line) {
    lock.lock();
    try {
      if (line.entered) {
        return true;
      }
      if (free > 0) {
        free--;
        line.entered = true;
      } else {
        waiting.add(line);
      }
      return line.entered;
    } finally {
      lock.unlock();
    }
  }

  /** The line works no longer; the one that now may, and is to be run, if any waits. */
  @Nullable WorkLine leave(WorkLine line) {
    lock.lock();
    try {
      if (!line.entered) {
        return null;
      }
      line.entered = false;
      WorkLine next = waiting.poll();
      if (next == null) {
        free++;
      } else {
        next.entered = true;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
