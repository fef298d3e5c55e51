// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.rabbitmq.Publication.Returned;
import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was published on one incarnation of a channel and not answered, by the broker's number,
 * which begins with 1 on each channel and means nothing on another. Nothing here completes a
 * future: what is taken out is the caller's to answer, outside the lock. Bounded by {@link
 * Outstanding}. Thread-safe.
 */
final class PendingConfirms {
  private static final int FEWEST_SLOTS = 1024;

  private final ReentrantLock lock = new ReentrantLock();

  /** Number n stands at n modulo the length, a power of two; null once it is answered. */
  private @Nullable Publication[] slots = new @Nullable Publication[FEWEST_SLOTS];

  /** Below this number all are answered. */
  private long first = 1;

  /** The number of the next message. */
  private long next = 1;

  private boolean closed;

  /** Where a message went, by which a return is told from others: a return has no number. */
  record Address(String exchange, String routingKey, @Nullable String messageId) {
    boolean isOf(Outgoing message) {
      return exchange.equals(message.topic())
          && routingKey.equals(RabbitNames.routingKey(message.lane()))
          && (messageId == null || messageId.equals(message.messageId()));
    }
  }

  /** Gives the next number to what is about to be published; false if this incarnation is over. */
  boolean add(Publication publication) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (next - first == slots.length) {
        grow();
      }
      slots[slot(next)] = publication;
      next++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes back the last number, for what provably was not published after all; false if it was
   * answered already.
   */
  boolean withdraw(Publication last) {
    lock.lock();
    try {
      int slot = slot(next - 1);
      if (closed || slots[slot] != last) {
        return false;
      }
      slots[slot] = null;
      next--;
      return true;
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
      for (long number = first; number < next; number++) {
        Publication each = slots[slot(number)];
        if (each != null && each.returned() == null && address.isOf(each.message())) {
          each.giveBack(why);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what the broker answered: one number, or all up to it. */
  List<Publication> answered(long number, boolean multiple) {
    List<Publication> answered = new ArrayList<>();
    lock.lock();
    try {
      if (multiple) {
        while (first <= number && first < next) {
          take(first, answered);
          first++;
        }
      } else if (number >= first && number < next) {
        take(number, answered);
        skipAnswered();
      }
    } finally {
      lock.unlock();
    }
    return answered;
  }

  /** Takes out those whose time is over; the oldest stand first. */
  List<Publication> removeLate(long now) {
    List<Publication> late = new ArrayList<>();
    lock.lock();
    try {
      skipAnswered();
      Publication oldest = first < next ? slots[slot(first)] : null;
      while (oldest != null && oldest.isLate(now)) {
        take(first, late);
        skipAnswered();
        oldest = first < next ? slots[slot(first)] : null;
      }
    } finally {
      lock.unlock();
    }
    return late;
  }

  /** Ends this incarnation and hands out all that got no answer, in the order of publishing. */
  List<Publication> close() {
    List<Publication> rest = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      while (first < next) {
        take(first, rest);
        first++;
      }
    } finally {
      lock.unlock();
    }
    return rest;
  }

  private void take(long number, List<Publication> taken) {
    int slot = slot(number);
    Publication publication = slots[slot];
    if (publication != null) {
      slots[slot] = null;
      taken.add(publication);
    }
  }

  private void skipAnswered() {
    while (first < next && slots[slot(first)] == null) {
      first++;
    }
  }

  private void grow() {
    @Nullable Publication[] before = slots;
    slots = new @Nullable Publication[before.length * 2];
    for (long number = first; number < next; number++) {
      slots[slot(number)] = before[(int) (number & (before.length - 1))];
    }
  }

  private int slot(long number) {
    return (int) (number & (slots.length - 1));
  }
}
