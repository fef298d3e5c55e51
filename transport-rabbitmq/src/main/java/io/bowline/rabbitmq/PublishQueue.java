// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends that were not published yet, in the order of the calls: what is in here is provably not
 * stored. Bounded by {@link Outstanding}. Thread-safe.
 */
final class PublishQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Deque<Publication> waiting = new ArrayDeque<>();
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

  /** The first one, which stays in; waits for one. Null once this is closed. */
  @Nullable Publication awaitFirst() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        notEmpty.awaitUninterruptibly();
      }
      return waiting.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the first one, if it is still this. */
  boolean removeFirst(Publication expected) {
    lock.lock();
    try {
      if (waiting.peekFirst() != expected) {
        return false;
      }
      waiting.removeFirst();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what was taken out and provably not published. */
  boolean putBack(Publication publication) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.addFirst(publication);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out those whose time is over; the oldest stand first. */
  List<Publication> removeLate(long now) {
    List<Publication> late = new ArrayList<>();
    lock.lock();
    try {
      Publication first = waiting.peekFirst();
      while (first != null && first.isLate(now)) {
        late.add(waiting.removeFirst());
        first = waiting.peekFirst();
      }
    } finally {
      lock.unlock();
    }
    return late;
  }

  /** Takes nothing in any more, and hands out what is left. */
  List<Publication> close() {
    lock.lock();
    try {
      closed = true;
      List<Publication> rest = new ArrayList<>(waiting);
      waiting.clear();
      notEmpty.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
