// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.machine.Machine;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A process of the simulated world, from its start to its end or crash. */
final class SimulatedMachine implements Machine {
  /** When the simulated time begins; any instant serves. */
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration FOR_EVER = Duration.ofDays(365);

  final String name;
  private final VirtualTime time;
  private final Consumer<Throwable> failures;
  boolean alive = true;

  SimulatedMachine(String name, VirtualTime time, Consumer<Throwable> failures) {
    this.name = name;
    this.time = time;
    this.failures = failures;
  }

  /** A thread ended by what no code should let through. */
  void failed(Throwable failure) {
    failures.accept(failure);
  }

  /** What a process that crashed still tries, it does not do. */
  void checkAlive() {
    if (!alive) {
      throw new Fiber.Crash();
    }
  }

  VirtualTime time() {
    return time;
  }

  /** Passes time, on a fiber. */
  void pass(Duration span) {
    boolean unused = time.await(() -> false, span);
  }

  @Override
  public SteadyClock clock() {
    return new SteadyClock(BEGIN.plusNanos(time.nanos()), time::nanos);
  }

  @Override
  public RandomGenerator random() {
    return time.random();
  }

  @Override
  public void start(Runnable work, String threadName) {
    time.begin(this, work);
  }

  @Override
  public ThreadPoolExecutor pool(
      int threads, ThreadFactory factory, RejectedExecutionHandler late) {
    return new SimulatedPool(this, threads, late);
  }

  @Override
  public ScheduledExecutorService timer(ThreadFactory factory, boolean lasting) {
    return new SimulatedTimer(this);
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration longest) {
    boolean unused = time.await(() -> !queue.isEmpty(), longest);
    return queue.poll();
  }

  @Override
  public boolean await(CountDownLatch latch, Duration longest) {
    return time.await(() -> latch.getCount() == 0, longest);
  }

  @Override
  public <T> T get(CompletableFuture<T> future, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!time.await(future::isDone, longest)) {
      throw new TimeoutException();
    }
    return future.get();
  }

  @Override
  public <T> T join(CompletableFuture<T> future) {
    boolean unused = time.await(future::isDone, FOR_EVER);
    return future.join();
  }

  @Override
  public String toString() {
    return name;
  }
}
