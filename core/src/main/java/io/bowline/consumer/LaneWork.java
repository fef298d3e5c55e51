// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A lane while it is held, from one assignment to its end. A new assignment of the same lane is a
 * new object, so that nothing left over from an earlier one is taken for current.
 */
final class LaneWork {
  final int lane;

  /** What arrived and is not settled; only the polling thread reads and writes these two. */
  int messages;

  long bytes;

  private @Nullable Work oldest;
  private @Nullable Work newest;
  private long taken;

  /** Where messages without key gather for a batch; guarded by the scheduler's lock. */
  @Nullable WorkLine gathering;

  private volatile boolean open = true;
  private final AtomicInteger running = new AtomicInteger();

  LaneWork(int lane) {
    this.lane = lane;
  }

  /** Adds what arrived; like all to do with order it is for the polling thread alone. */
  void add(Work work) {
    Work before = newest;
    work.number = ++taken;
    work.listed = true;
    work.previous = before;
    if (before == null) {
      oldest = work;
    } else {
      before.next = work;
    }
    newest = work;
  }

  /** Takes out what was settled; the second time it does nothing. */
  void remove(Work work) {
    if (!work.listed) {
      return;
    }
    work.listed = false;
    Work before = work.previous;
    Work after = work.next;
    if (before == null) {
      oldest = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.previous = before;
    }
    work.previous = null;
    work.next = null;
  }

  /** The oldest that is not settled. */
  @Nullable Work oldest() {
    return oldest;
  }

  /** How many were taken from this lane after that one. */
  long takenAfter(Work work) {
    return taken - work.number;
  }

  /** Takes leave to work on a message; false if the lane is held no more. */
  boolean begin() {
    running.incrementAndGet();
    if (open) {
      return true;
    }
    running.decrementAndGet();
    return false;
  }

  /** The work that was begun is over, and what became of it is on its way to the polling thread. */
  void end() {
    running.decrementAndGet();
  }

  /** Lets nothing more begin. */
  void close() {
    open = false;
  }

  boolean isOpen() {
    return open;
  }

  int running() {
    return running.get();
  }
}
