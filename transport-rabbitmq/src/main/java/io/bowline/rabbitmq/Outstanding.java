// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Bounds the sends that have no answer yet, in number and in bytes of body. Thread-safe. */
final class Outstanding {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private final int mostMessages;
  private final long mostBytes;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean awaited;

  Outstanding(int mostMessages, long mostBytes) {
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
  }

  /** Null if one more was let in, else the bound that is reached, for people. */
  @Nullable String enter(int size) {
    if (messages.incrementAndGet() > mostMessages) {
      left();
      return mostMessages + " messages";
    }
    if (bytes.addAndGet(size) > mostBytes) {
      bytes.addAndGet(-size);
      left();
      return mostBytes + " bytes";
    }
    return null;
  }

  void leave(int size) {
    bytes.addAndGet(-size);
    left();
  }

  private void left() {
    if (messages.decrementAndGet() == 0 && awaited) {
      lock.lock();
      try {
        none.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether none is left within this time. An interrupt ends the wait. */
  boolean awaitNone(Duration patience) {
    long left = patience.toNanos();
    awaited = true; // before the first look at the number: who leaves after it tells
    lock.lock();
    try {
      while (messages.get() > 0 && left > 0) {
        left = none.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return messages.get() == 0;
  }
}
