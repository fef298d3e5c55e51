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

  /** Whether some let others pass: these stand behind the front, in the order of their arrival. */
  boolean disordered;

  /** Whether all had their turn in vain, so that whatever arrives has its turn at once. */
  boolean waitsForOthers;

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

  /**
   * Lets the first of those that had no turn yet pass the front, and all that let others pass
   * before.
   *
   * @return false if there is none: then the front is the first to have let others pass
   */
  boolean letPass() {
    Work front = works.remove();
    front.outOfTurn = true;
    disordered = true;
    Deque<Work> passed = new ArrayDeque<>();
    while (!works.isEmpty() && works.element().outOfTurn) {
      passed.add(works.remove());
    }
    Work fresh = works.poll();
    works.addFirst(front);
    while (!passed.isEmpty()) {
      works.addFirst(passed.removeLast());
    }
    if (fresh != null) {
      works.addFirst(fresh);
    }
    waitsForOthers = fresh == null;
    return fresh != null;
  }

  /** One was just added at the end: it has its turn at once if all others had it in vain. */
  boolean isWokenByTheLast() {
    if (!waitsForOthers || !paused) {
      return false;
    }
    waitsForOthers = false;
    works.addFirst(works.removeLast());
    return true;
  }

  /** Whether one arrived since all others had their turn in vain, and before the line paused. */
  boolean missedOne() {
    return waitsForOthers && !works.getLast().outOfTurn;
  }

  /** The front is gone, or its turn has come again: so has that of all who let others pass. */
  void anew() {
    if (disordered) {
      disordered = false;
      waitsForOthers = false;
      works.forEach(work -> work.outOfTurn = false);
    }
  }

  /** Whether the front waits for a try that will not be, since its lane is held no more. */
  boolean waitsInVain() {
    Work front = works.peek();
    return paused && front != null && !front.lane.isOpen();
  }
}
