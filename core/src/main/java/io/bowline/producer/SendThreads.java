// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer's daemon threads. What is queued for them is bounded by the send window. */
final class SendThreads {
  private static final Logger log = LoggerFactory.getLogger(SendThreads.class);
  private static final int LOOKUP_THREADS = 4;

  private final ThreadPoolExecutor progress;
  private final ThreadPoolExecutor completions;
  private final ThreadPoolExecutor lookups;
  private final ScheduledThreadPoolExecutor timer;

  SendThreads(String source) {
    progress = pool(1, "bowline-progress-" + source);
    completions = pool(1, "bowline-callbacks-" + source);
    lookups = pool(LOOKUP_THREADS, "bowline-lookup-" + source);
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "bowline-timer-" + source));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Threads end when idle, so a producer that is never closed holds none for ever. */
  private static ThreadPoolExecutor pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, name),
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (who, failure) -> log.error("Thread {} failed", who.getName(), failure));
    return thread;
  }

  /** Moves a message on, off the client's I/O thread. */
  void progress(Runnable task) {
    progress.execute(task);
  }

  /** Completes a caller's future, off the thread that moves messages on. */
  void complete(Runnable task) {
    completions.execute(task);
  }

  void after(Duration delay, Runnable task) {
    var unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  Executor lookups() {
    return lookups;
  }

  /** Ends the threads once all futures are completed; false if that was done before. */
  boolean close(long longestNanos) {
    if (timer.isShutdown()) {
      return false;
    }
    timer.shutdownNow();
    lookups.shutdown();
    progress.shutdown();
    completions.shutdown();
    try {
      progress.awaitTermination(longestNanos, TimeUnit.NANOSECONDS);
      completions.awaitTermination(longestNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
