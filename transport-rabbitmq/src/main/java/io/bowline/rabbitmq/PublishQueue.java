// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.TransportException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Sends that were not published yet, in the order of the calls. One thread takes them out in runs,
 * so that threads meet once a run and not once a message. What is handed out here to be failed may
 * be part of a run: only {@link Publication#failWaiting} fails it if it still waits. Bounded by
 * {@link Outstanding}. Thread-safe.
 */
final class PublishQueue {
  /** Messages. Longer runs save little, and the first message waits for the last to be written. */
  static final int LONGEST_RUN = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Deque<Publication> waiting = new ArrayDeque<>();

  /** What the publishing thread took out and may not have begun. */
  private List<Publication> run = List.of();

  private boolean closed;

  /** Whether it was taken in; not after closing. */
  boolean add(Publication publication) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.addLast(publication);
      notEmpty.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something; false once this is closed. */
  boolean awaitAny() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        notEmpty.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the first ones; the publishing thread calls {@link #endRun} after them. */
  List<Publication> takeRun() {
    lock.lock();
    try {
      int length = Math.min(waiting.size(), LONGEST_RUN);
      List<Publication> taken = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        taken.add(waiting.removeFirst());
      }
      run = taken;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run; what was not published goes back to where it was. */
  void endRun(int published) {
    lock.lock();
    try {
      for (int i = run.size() - 1; i >= published && !closed; i--) {
        waiting.addFirst(run.get(i));
      }
      run = List.of();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands out those whose time is over, the oldest first, and then all behind them in their lanes,
   * which are not to overtake their next try.
   */
  List<Publication> removeLate(long now) {
    List<Publication> late = new ArrayList<>();
    lock.lock();
    try {
      for (Publication each : run) {
        if (each.isLate(now)) {
          late.add(each);
        }
      }
      Publication first = waiting.peekFirst();
      while (first != null && first.isLate(now)) {
        late.add(waiting.removeFirst());
        first = waiting.peekFirst();
      }
      if (!late.isEmpty()) {
        Set<TopicLane> lanes = late.stream().map(TopicLane::of).collect(Collectors.toSet());
        moveWaiting(each -> lanes.contains(TopicLane.of(each)), late);
      }
    } finally {
      lock.unlock();
    }
    return late;
  }

  /**
   * Fails what waits in these lanes and came before a failure there was told, and so on with what
   * came before these were told: what follows them may have come meanwhile, and must not overtake
   * their next try. It ends, since who heard of a failure holds back what follows.
   *
   * @param told when the last failure of each lane was told, by {@link System#nanoTime}
   */
  void failBehind(Map<TopicLane, Long> told, Function<Publication, TransportException> why) {
    Map<TopicLane, Long> moments = told;
    while (!moments.isEmpty()) {
      Map<TopicLane, Long> before = moments;
      moments = fail(removeAll(waits -> waits.cameBefore(before)), why);
    }
  }

  /** Fails those whose time is over, and all that is not to overtake their next try. */
  void failLate(long now, Function<Publication, TransportException> why) {
    failBehind(fail(removeLate(now), why), why);
  }

  /** Fails those that still wait; when the last of each lane was told. */
  private static Map<TopicLane, Long> fail(
      List<Publication> publications, Function<Publication, TransportException> why) {
    Map<TopicLane, Long> told = new HashMap<>();
    for (Publication each : publications) {
      if (each.failWaiting(why.apply(each))) {
        told.put(TopicLane.of(each), System.nanoTime());
      }
    }
    return told;
  }

  /** Hands out those of which this is true, in their order. */
  private List<Publication> removeAll(Predicate<Publication> unwanted) {
    List<Publication> removed = new ArrayList<>();
    lock.lock();
    try {
      run.stream().filter(unwanted).forEach(removed::add);
      moveWaiting(unwanted, removed);
    } finally {
      lock.unlock();
    }
    return removed;
  }

  private void moveWaiting(Predicate<Publication> unwanted, List<Publication> removed) {
    Iterator<Publication> all = waiting.iterator();
    while (all.hasNext()) {
      Publication each = all.next();
      if (unwanted.test(each)) {
        removed.add(each);
        all.remove();
      }
    }
  }

  /** Takes nothing in any more, and hands out what is left. */
  List<Publication> close() {
    lock.lock();
    try {
      closed = true;
      List<Publication> rest = new ArrayList<>(run);
      rest.addAll(waiting);
      waiting.clear();
      notEmpty.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
