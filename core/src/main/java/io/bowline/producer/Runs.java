// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands items to one thread in runs: waking a thread costs more than the work on one item, and one
 * wake-up serves all that came until it is done. What is queued is bounded by the send window.
 * Thread-safe; the work is done on one item at a time, in the order of their coming.
 */
final class Runs<T> {
  private static final Logger log = LoggerFactory.getLogger(Runs.class);

  /** So many items are likely to be followed by others soon: worth a short wait. */
  private static final int BUSY = 16;

  /** How long the thread stays for those, so that the next one need not wake it: 50 µs. */
  private static final long LINGER_NANOS = 50_000;

  private final Queue<T> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();
  private final Executor thread;
  private final Consumer<T> work;

  Runs(Executor thread, Consumer<T> work) {
    this.thread = thread;
    this.work = work;
  }

  void add(T item) {
    items.add(item);
    if (!running.get() && running.compareAndSet(false, true)) {
      thread.execute(this::run);
    }
  }

  private void run() {
    do {
      int done = 0;
      for (int some = drain(); some > 0; some = drain()) {
        done += some;
        if (done >= BUSY) {
          LockSupport.parkNanos(LINGER_NANOS);
        }
      }
      running.set(false);
      // What came between the last look and this is nobody's else.
    } while (!items.isEmpty() && running.compareAndSet(false, true));
  }

  private int drain() {
    int count = 0;
    for (T item = items.poll(); item != null; item = items.poll()) {
      work(item);
      count++;
    }
    return count;
  }

  private void work(T item) {
    try {
      work.accept(item);
    } catch (RuntimeException | Error failure) {
      log.error("One item failed; the others go on", failure);
    }
  }
}
