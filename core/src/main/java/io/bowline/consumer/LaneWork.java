// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lane while it is held, from one assignment to its end. A new assignment of the same lane is a
 * new object, so that nothing left over from an earlier one is taken for current.
 */
final class LaneWork {
  final int lane;

  /** What arrived and is not settled; only the polling thread reads and writes these two. */
  int messages;

  long bytes;

  private volatile boolean open = true;
  private final AtomicInteger running = new AtomicInteger();

  LaneWork(int lane) {
    this.lane = lane;
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
