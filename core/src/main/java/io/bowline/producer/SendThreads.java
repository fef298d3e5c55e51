// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer's daemon threads. What is queued for them is bounded by the send window. */
final class SendThreads {
  private static final Logger log = LoggerFactory.getLogger(SendThreads.class);
  private static final int LOOKUP_THREADS = 4;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor progress;
  private final ThreadPoolExecutor completions;
  private final ThreadPoolExecutor lookups;
  private final ScheduledThreadPoolExecutor timer;
  private volatile @Nullable Thread callbacks;

  SendThreads(String source) {
    progress = pool(1, "bowline-progress-" + source);
    completions = pool(1, "bowline-callbacks-" + source);
    completions.setThreadFactory(task -> callbacks(task, source));
    completions.setRejectedExecutionHandler((late, pool) -> callbacks(late, source).start());
    lookups = pool(LOOKUP_THREADS, "bowline-lookup-" + source);
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "bowline-timer-" + source));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
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
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, name),
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private Thread callbacks(Runnable task, String source) {
    Thread thread = daemon(task, "bowline-callbacks-" + source);
    callbacks = thread;
    return thread;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (who, failure) -> log.error("Thread {} failed", who.getName(), failure));
    return thread;
  }

  /** For what moves messages on, off the client's I/O thread. */
  Executor progress() {
    return progress;
  }

  /**
   * For what completes the callers' futures, off the thread that moves messages on: also after the
   * closing, for an outcome that comes late is an outcome all the same.
   */
  Executor completions() {
    return completions;
  }

  void after(long nanos, Runnable task) {
    var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
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
    await(progress, longestNanos);
    completions.shutdown();
    if (Thread.currentThread() != callbacks) {
      await(completions, longestNanos);
    }
    return true;
  }

  private static void await(ThreadPoolExecutor pool, long longestNanos) {
    try {
      if (!pool.awaitTermination(longestNanos, TimeUnit.NANOSECONDS)) {
        log.warn("What is at work in {} goes on after the closing", pool);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
