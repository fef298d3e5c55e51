// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one key that arrived, in their order, of which one is worked on at a time: also
 * when its lane is lost and won back meanwhile. Guarded by the scheduler's lock, but for what says
 * otherwise.
 */
final class WorkLine {
  final @Nullable String key;
  final Deque<Work> works = new ArrayDeque<>(1);

  /** Whether the front waits for its next try, with no thread at work. */
  boolean paused;

  /** Counts pauses, so that a timer of an earlier one wakes nothing. */
  int pauses;

  /** Whether it counts among the lines at work; guarded by the lock of {@link OpenStages}. */
  boolean entered;

  WorkLine(@Nullable String key) {
    this.key = key;
  }

  /** Drops what came by assignments that are over, except the front, which may be at work. */
  void dropStale() {
    Work front = works.peek();
    works.removeIf(work -> work != front && !work.lane.isOpen());
  }

  /** Whether the front waits for a try that will not be, since its lane is held no more. */
  boolean waitsInVain() {
    Work front = works.peek();
    return paused && front != null && !front.lane.isOpen();
  }
}
