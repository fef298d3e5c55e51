// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was published on one incarnation of a channel and not answered: the broker numbers anew on
 * each channel, so a number means nothing on another. Nothing here completes a future: what is
 * taken out is the caller's to answer, outside the lock. Thread-safe.
 */
final class PendingConfirms {
  private final ReentrantLock lock = new ReentrantLock();

  /** By number, in rising order, since one thread publishes. */
  private final Map<Long, Pending> pending = new LinkedHashMap<>();

  private boolean closed;

  /** Why a message came back. */
  record Returned(int code, String text) {}

  /** A message by which a return is told from others: a return has no number. */
  record Address(String exchange, String routingKey, @Nullable String messageId) {}

  /**
   * One that was published.
   *
   * @param publication the send
   * @param address how the broker names it when it returns it
   * @param returned why it came back, or null
   */
  record Pending(Publication publication, Address address, @Nullable Returned returned) {}

  /** Notes what is about to be published; false if this incarnation is over. */
  boolean add(long number, Publication publication, Address address) {
    lock.lock();
    try {
      if (!closed) {
        pending.put(number, new Pending(publication, address, null));
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what provably was not published after all; false if it was answered already. */
  boolean withdraw(long number) {
    lock.lock();
    try {
      return pending.remove(number) != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that the broker gave a message back. It says so before it confirms, and in the order of
   * publishing: so the first that fits is meant, also where one id was sent twice.
   */
  void returned(Address address, Returned why) {
    lock.lock();
    try {
      for (Map.Entry<Long, Pending> entry : pending.entrySet()) {
        Pending each = entry.getValue();
        if (each.returned == null && Objects.equals(each.address, address)) {
          entry.setValue(new Pending(each.publication, address, why));
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what the broker answered: one number, or all up to it. */
  List<Pending> answered(long number, boolean multiple) {
    lock.lock();
    try {
      if (!multiple) {
        Pending one = pending.remove(number);
        return one == null ? List.of() : List.of(one);
      }
      List<Pending> answered = new ArrayList<>();
      Iterator<Map.Entry<Long, Pending>> entries = pending.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<Long, Pending> entry = entries.next();
        if (entry.getKey() > number) {
          break;
        }
        answered.add(entry.getValue());
        entries.remove();
      }
      return answered;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out those whose time is over; the oldest stand first. */
  List<Publication> removeLate(long now) {
    List<Publication> late = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Pending> all = pending.values().iterator();
      while (all.hasNext()) {
        Publication publication = all.next().publication;
        if (!publication.isLate(now)) {
          break;
        }
        late.add(publication);
        all.remove();
      }
    } finally {
      lock.unlock();
    }
    return late;
  }

  /** Ends this incarnation and hands out all that got no answer. */
  List<Publication> close() {
    lock.lock();
    try {
      closed = true;
      List<Publication> rest =
          new ArrayList<>(pending.values().stream().map(Pending::publication).toList());
      pending.clear();
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
