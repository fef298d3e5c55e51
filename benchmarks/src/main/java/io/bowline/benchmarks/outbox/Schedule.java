// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Threads that do a piece of work at each of evenly spread times, or late if they must. */
final class Schedule implements AutoCloseable {
  private static final int WORKERS = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
  private final long everyNanos;

  Schedule(int perSecond) {
    this.everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** A piece of work. */
  @FunctionalInterface
  interface Work {
    void work(int number) throws Exception;
  }

  /** Works until all is done, and notes when. */
  void run(Delays delays, Work work) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long begin = System.nanoTime();
    Callable<Void> worker =
        () -> {
          int number = next.getAndIncrement();
          for (; number < delays.messages(); number = next.getAndIncrement()) {
            long due = begin + number * everyNanos;
            delays.due(number, due);
            awaitTime(due);
            work.work(number);
            delays.committed(number);
          }
          return null;
        };
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      all.add(threads.submit(worker));
    }
    for (Future<Void> each : all) {
      each.get();
    }
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
