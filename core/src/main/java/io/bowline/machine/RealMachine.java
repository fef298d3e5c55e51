// SPDX-License-Identifier: Apache-2.0
package io.bowline.machine;

import io.bowline.retry.SteadyClock;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The machine itself. */
final class RealMachine implements Machine {
  /** Threads end when idle, so a producer that is never closed holds none for ever. */
  private static final int IDLE_SECONDS = 30;

  private final SecureRandom random = new SecureRandom();

  @Override
  public SteadyClock clock() {
    return new SteadyClock(Clock.systemUTC());
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void start(Runnable work, String threadName) {
    new Thread(work, threadName).start();
  }

  @Override
  public ThreadPoolExecutor pool(
      int threads, ThreadFactory factory, RejectedExecutionHandler late) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory,
            late);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public ScheduledExecutorService timer(ThreadFactory factory, boolean lasting) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(!lasting);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return timer;
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration longest)
      throws InterruptedException {
    return queue.poll(SteadyClock.nanos(longest), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean await(CountDownLatch latch, Duration longest) throws InterruptedException {
    return latch.await(SteadyClock.nanos(longest), TimeUnit.NANOSECONDS);
  }

  @Override
  public <T> T get(CompletableFuture<T> future, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(SteadyClock.nanos(longest), TimeUnit.NANOSECONDS);
  }

  @Override
  public <T> T join(CompletableFuture<T> future) {
    return future.join();
  }
}
