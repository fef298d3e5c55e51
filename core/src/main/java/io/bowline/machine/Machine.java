// SPDX-License-Identifier: Apache-2.0
package io.bowline.machine;

import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Time, chance, threads and waits, as producers and consumers take them from the machine they run
 * on. There is the {@linkplain #REAL real one}; the testkit's simulation gives another, in which
 * one seed decides them all, so that a run can be repeated step by step. Thread-safe.
 *
 * <p>An engine that waits in another way than through this stops such a simulation.
 */
public interface Machine {
  /** This machine. */
  Machine REAL = new RealMachine();

  /** A steady clock that starts at the time of day. */
  SteadyClock clock();

  /** Chance; thread-safe. */
  RandomGenerator random();

  /** Runs this on a thread of its own. */
  void start(Runnable work, String threadName);

  /**
   * At most so many threads, which end after 30 s without work; work beyond them waits in a queue
   * without bound.
   *
   * @param late what becomes of work that comes after the shutdown
   */
  ThreadPoolExecutor pool(int threads, ThreadFactory factory, RejectedExecutionHandler late);

  /**
   * One thread for what comes after a delay; nothing begins on it after its shutdown.
   *
   * @param lasting whether the thread stays while nothing is to come, else it ends after 30 s
   */
  ScheduledExecutorService timer(ThreadFactory factory, boolean lasting);

  /** Waits at most this long for an item; null if none came. */
  <T> @Nullable T poll(BlockingQueue<T> queue, Duration longest) throws InterruptedException;

  /** Waits at most this long for a latch to open; whether it did. */
  boolean await(CountDownLatch latch, Duration longest) throws InterruptedException;

  /** Waits at most this long for a value. */
  <T> T get(CompletableFuture<T> future, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException;

  /**
   * Waits for a value as long as it takes.
   *
   * @throws java.util.concurrent.CompletionException if it failed
   */
  <T> T join(CompletableFuture<T> future);
}
