// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which message is next: one at a time within a key, in the order of arrival, any number across
 * keys; messages without key are each a line of their own. In batches: as many as allowed of those
 * that are there, of one key, or of one lane without a key. It has no threads and no clock.
 * Thread-safe.
 */
final class KeyScheduler {
  private final Map<String, WorkLine> lines = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final int most;

  /**
   * @param most how many messages of a line are worked on together, if so many are there
   */
  KeyScheduler(int most) {
    this.most = most;
  }

  /** Adds what arrived, in its order; the lines that nobody works on and so must be run now. */
  List<WorkLine> add(List<Work> arrived) {
    List<WorkLine> idle = new ArrayList<>();
    lock.lock();
    try {
      for (Work work : arrived) {
        add(work).ifPresent(idle::add);
      }
    } finally {
      lock.unlock();
    }
    return idle;
  }

  /** Adds what arrived; the line is returned if nobody works on it and so it must be run now. */
  Optional<WorkLine> add(Work work) {
    String key = work.delivery.key();
    if (key == null) {
      return addUnkeyed(work);
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
      boolean woken = line.waitsInVain() || line.isWokenByTheLast();
      if (woken) {
        line.paused = false;
      }
      return idle || woken ? Optional.of(line) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<WorkLine> addUnkeyed(Work work) {
    WorkLine fresh = new WorkLine(null);
    fresh.works.add(work);
    if (most == 1) {
      return Optional.of(fresh);
    }
    lock.lock();
    try {
      WorkLine gathering = work.lane.gathering;
      if (gathering != null && gathering.works.size() < most) {
        gathering.works.add(work);
        return Optional.empty();
      }
      work.lane.gathering = fresh;
      return Optional.of(fresh);
    } finally {
      lock.unlock();
    }
  }

  /** The front waits; a number for {@link #resume}, or none if it would wait in vain. */
  OptionalInt pause(WorkLine line) {
    lock.lock();
    try {
      line.paused = true;
      if (line.waitsInVain() || line.missedOne()) {
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
        line.anew();
      }
      return still;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The front may be worked on only after another one of its line: the next one that had no turn
   * yet becomes the front.
   *
   * @return false if there is none, or in batches: then the front is to wait
   */
  boolean letPass(WorkLine line) {
    lock.lock();
    try {
      return most == 1 && line.letPass();
    } finally {
      lock.unlock();
    }
  }

  /** The message to work on; null if the line has become idle. */
  @Nullable Work front(WorkLine line) {
    lock.lock();
    try {
      return frontOf(line);
    } finally {
      lock.unlock();
    }
  }

  /** The message at the front is done with; the next one to work on, as {@link #front} tells it. */
  @Nullable Work next(WorkLine line) {
    lock.lock();
    try {
      line.works.remove();
      line.anew();
      return frontOf(line);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Work frontOf(WorkLine line) {
    Work front = line.works.peek();
    if (front == null && line.key != null) {
      lines.remove(line.key);
    }
    if (front != null && most > 1) {
      gather(line, front);
    }
    return front;
  }

  /** A front that is new takes those behind it along that are new too. */
  private void gather(WorkLine line, Work front) {
    if (front.lane.gathering == line) {
      front.lane.gathering = null; // what arrives from now on is too late for this batch
    }
    if (!front.joinsBatches() || !front.followers.isEmpty()) {
      return;
    }
    line.works.remove();
    List<Work> followers = new ArrayList<>();
    while (followers.size() < most - 1 && front.isFollowedBy(line.works.peek())) {
      followers.add(line.works.remove());
    }
    line.works.addFirst(front);
    front.followers = followers;
  }

  /** The batch at the front is one no more: its messages are next, one by one, in their order. */
  void takeApart(WorkLine line) {
    lock.lock();
    try {
      Work front = line.works.remove();
      List<Work> followers = front.followers;
      for (int i = followers.size() - 1; i >= 0; i--) {
        followers.get(i).alone();
        line.works.addFirst(followers.get(i));
      }
      front.alone();
      line.works.addFirst(front);
    } finally {
      lock.unlock();
    }
  }

  /** The message at the front is done with: the next one may follow. */
  void done(WorkLine line) {
    lock.lock();
    try {
      line.works.remove();
      line.anew();
    } finally {
      lock.unlock();
    }
  }

  /** A line whose worker broke off is as if that had never begun; its front, if it has one. */
  @Nullable Work restored(WorkLine line) {
    lock.lock();
    try {
      line.paused = false;
      line.waitsForOthers = false;
      return line.works.peek();
    } finally {
      lock.unlock();
    }
  }
}
