// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.machine.Machine;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What handlers finished and the polling thread is to acknowledge, in the order of finishing. Any
 * thread adds, and waits for nobody; the polling thread takes all at once, and is woken only for as
 * many as it waits for. A message costs no lock and no object.
 */
final class FinishedWork {
  /** The newest; each knows the one before it. */
  private final AtomicReference<@Nullable Work> newest = new AtomicReference<>();

  private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);

  /** How many the polling thread waits for; 0 if it does not wait. */
  private volatile int wanted;

  /** This one is to be acknowledged; called once for each. */
  void add(Work work) {
    Work before;
    do {
      before = newest.get();
      work.finishedBefore = before;
      work.finishedTogether = before == null ? 1 : before.finishedTogether + 1;
    } while (!newest.compareAndSet(before, work));
    int enough = wanted;
    if (enough > 0 && work.finishedTogether >= enough) {
      var unused = bell.offer(true);
    }
  }

  /** Takes all, the oldest first, each linked to the next by {@link Work#takeNextFinished}. */
  @Nullable Work takeAll() {
    Work taken = newest.get() == null ? null : newest.getAndSet(null);
    Work oldest = null;
    while (taken != null) {
      Work before = taken.finishedBefore;
      taken.finishedBefore = oldest;
      oldest = taken;
      taken = before;
    }
    return oldest;
  }

  /**
   * Waits until so many can be taken, at most this long, and takes what there is.
   *
   * @param enough at least 1
   */
  @Nullable Work await(Machine machine, int enough, Duration longest) {
    bell.clear();
    wanted = enough;
    try {
      Work last = newest.get();
      if (last == null || last.finishedTogether < enough) {
        Boolean unused = machine.poll(bell, longest);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      wanted = 0;
    }
    return takeAll();
  }
}
