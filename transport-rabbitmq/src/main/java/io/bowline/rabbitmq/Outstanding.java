// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Bounds the sends that have no answer yet, in number and in bytes of body. Thread-safe. */
final class Outstanding {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private final int mostMessages;
  private final long mostBytes;
  private int messages;
  private long bytes;

  Outstanding(int mostMessages, long mostBytes) {
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
  }

  /** Null if one more was let in, else the bound that is reached, for people. */
  @Nullable String enter(int size) {
    lock.lock();
    try {
      if (messages >= mostMessages) {
        return mostMessages + " messages";
      }
      if (bytes + size > mostBytes) {
        return mostBytes + " bytes";
      }
      messages++;
      bytes += size;
      return null;
    } finally {
      lock.unlock();
    }
  }

  void leave(int size) {
    lock.lock();
    try {
      messages--;
      bytes -= size;
      if (messages == 0) {
        fewer.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether none is left within this time. An interrupt ends the wait. */
  boolean awaitNone(Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (messages > 0 && left > 0) {
        left = fewer.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return messages == 0;
  }
}
