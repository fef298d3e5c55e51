// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what is unresolved, by messages and by bytes of bodies. Both counts are one number, so
 * that entering and leaving need no lock while there is room. Thread-safe.
 */
final class SendWindow {
  /** The most messages that any window holds: 2^23 - 1. */
  static final int MOST_MESSAGES = (1 << 23) - 1;

  /**
   * The most bytes that any window holds: half a tebibyte, as one body of 2 GiB may come on top.
   */
  static final long MOST_BYTES = 1L << 39;

  private static final int BYTES_BITS = 40;
  private static final long ONE_MESSAGE = 1L << BYTES_BITS;
  private static final long BYTES = ONE_MESSAGE - 1;

  /** How often who waits looks for room by itself: each millisecond. */
  private static final long LOOK_NANOS = 1_000_000;

  private static final long CLOSED = Long.MIN_VALUE;

  private final int maxMessages;
  private final long maxBytes;
  private final int wakeMessages;
  private final long wakeBytes;

  /** Bytes in the low 40 bits, messages in the next 23, and on top whether it is closed. */
  private final AtomicLong held = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** How many threads wait. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** How asking for room ended. */
  enum Entry {
    ENTERED,
    FULL,
    CLOSED
  }

  SendWindow(ProducerSettings.Window bounds) {
    this.maxMessages = bounds.messages();
    this.maxBytes = bounds.bytes();
    wakeMessages = maxMessages - Math.max(1, maxMessages / 8);
    wakeBytes = maxBytes - maxBytes / 8;
  }

  /** Enters if there is room now. One message larger than all bytes may pass alone. */
  Entry tryEnter(int size) {
    long now = held.get();
    while (now >= 0 && fits(now, size)) {
      if (held.compareAndSet(now, now + ONE_MESSAGE + size)) {
        return Entry.ENTERED;
      }
      now = held.get();
    }
    return now < 0 ? Entry.CLOSED : Entry.FULL;
  }

  private boolean fits(long now, int size) {
    long messages = now >>> BYTES_BITS;
    return messages == 0 || (messages < maxMessages && (now & BYTES) + size <= maxBytes);
  }

  /** Waits for room, at most this long. */
  Entry enter(int size, Duration longest) throws InterruptedException {
    long left = SteadyClock.nanos(longest);
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet(); // before the look at the room: who leaves looks the other way
      Entry entry = tryEnter(size);
      while (entry == Entry.FULL && left > 0) {
        long slept = Math.min(left, LOOK_NANOS);
        left -= slept - Math.min(slept, Math.max(0, changed.awaitNanos(slept)));
        entry = tryEnter(size);
      }
      return entry;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /**
   * Frees a place. Who waits is woken once an eighth of the window is free, and looks by itself now
   * and then: to wake a thread for each place would cost more than the rest of a send.
   */
  void leave(int size) {
    long now = held.addAndGet(-ONE_MESSAGE - size) & ~CLOSED;
    if (now <= 0 || ((now >>> BYTES_BITS) <= wakeMessages && (now & BYTES) <= wakeBytes)) {
      wake();
    }
  }

  private void wake() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Lets nobody in from now on. */
  void close() {
    held.getAndUpdate(now -> now | CLOSED);
    wake();
  }

  int mostMessages() {
    return maxMessages;
  }

  boolean closed() {
    return held.get() < 0;
  }

  int messages() {
    return (int) ((held.get() & ~CLOSED) >>> BYTES_BITS);
  }

  long bytes() {
    return held.get() & BYTES;
  }

  /** Waits until nothing is unresolved, at most this long or until an interrupt; whether it is. */
  boolean awaitEmpty(Duration longest) {
    long left = SteadyClock.nanos(longest);
    lock.lock();
    try {
      waiting.incrementAndGet();
      while (messages() > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
    return messages() == 0;
  }
}
