// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds what is unresolved, by messages and by bytes of bodies. Thread-safe. */
final class SendWindow {
  private final int maxMessages;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int messages;
  private long bytes;
  private boolean closed;

  /** How asking for room ended. */
  enum Entry {
    ENTERED,
    FULL,
    CLOSED
  }

  SendWindow(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Waits for room, at most this long. One message larger than all bytes may pass alone. */
  Entry enter(int size, Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = SteadyClock.nanos(longest);
      while (!closed && !fits(size)) {
        if (left <= 0) {
          return Entry.FULL;
        }
        left = changed.awaitNanos(left);
      }
      if (closed) {
        return Entry.CLOSED;
      }
      messages++;
      bytes += size;
      return Entry.ENTERED;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(int size) {
    return messages == 0 || (messages < maxMessages && bytes + size <= maxBytes);
  }

  void leave(int size) {
    lock.lock();
    try {
      messages--;
      bytes -= size;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is unresolved, at most this long; whether that came. */
  boolean awaitEmpty(Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = SteadyClock.nanos(longest);
      while (messages > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return messages == 0;
    } finally {
      lock.unlock();
    }
  }
}
