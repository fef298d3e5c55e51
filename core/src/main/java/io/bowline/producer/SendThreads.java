// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A producer's daemon threads. What is queued for them is bounded by the send window. */
final class SendThreads {
  private static final Logger log = LoggerFactory.getLogger(SendThreads.class);
  private static final int LOOKUP_THREADS = 4;

  private final Machine machine;
  private final ExecutorService progress;
  private final ExecutorService completions;
  private final ExecutorService lookups;
  private final ScheduledExecutorService timer;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread callbacks;

  SendThreads(Machine machine, String source) {
    this.machine = machine;
    progress = pool(1, "bowline-progress-" + source);
    completions =
        machine.pool(
            1, task -> callbacks(task, source), (late, pool) -> callbacks(late, source).start());
    lookups = pool(LOOKUP_THREADS, "bowline-lookup-" + source);
    timer = machine.timer(task -> daemon(task, "bowline-timer-" + source), false);
  }

  private ExecutorService pool(int threads, String name) {
    return machine.pool(
        threads, task -> daemon(task, name), new ThreadPoolExecutor.DiscardPolicy());
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

  /** As {@link #after}, for what is tried again; unless {@link #hurry} comes first. */
  void again(long nanos, Runnable task) {
    Waiting one = new Waiting(task);
    waiting.add(one);
    after(nanos, one);
  }

  /** Ends the waits for what is tried again. */
  void hurry() {
    List.copyOf(waiting).forEach(timer::execute);
  }

  /** Is done once, whoever comes first. */
  private final class Waiting implements Runnable {
    private final Runnable task;

    Waiting(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (waiting.remove(this)) {
        task.run();
      }
    }
  }

  Executor lookups() {
    return lookups;
  }

  /** Waits for what a lookup found. */
  <T> T get(CompletableFuture<T> lookup, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException {
    return machine.get(lookup, longest);
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

  private static void await(ExecutorService pool, long longestNanos) {
    try {
      if (!pool.awaitTermination(longestNanos, TimeUnit.NANOSECONDS)) {
        log.warn("What is at work in {} goes on after the closing", pool);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
