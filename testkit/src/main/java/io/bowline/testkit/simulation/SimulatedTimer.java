// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs what waits for nothing at its virtual time. Of a timer's methods it has those needed. */
final class SimulatedTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private final SimulatedMachine machine;
  private boolean shutdown;

  /** What was scheduled. */
  private static final class Scheduled extends CompletableFuture<Object>
      implements ScheduledFuture<Object> {
    @Override
    public long getDelay(TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Delayed other) {
      throw new UnsupportedOperationException();
    }
  }

  SimulatedTimer(SimulatedMachine machine) {
    this.machine = machine;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    Scheduled scheduled = new Scheduled();
    later(scheduled, unit.toNanos(delay), task);
    return scheduled;
  }

  private void later(Scheduled scheduled, long nanos, Runnable task) {
    Runnable unlessOver =
        () -> {
          if (!shutdown && !scheduled.isCancelled()) {
            task.run();
          }
        };
    machine.time().after(machine, Duration.ofNanos(nanos), unlessOver);
  }

  @Override
  public void execute(Runnable task) {
    ScheduledFuture<?> unused = schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initial, long period, TimeUnit unit) {
    return scheduleWithFixedDelay(task, initial, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initial, long delay, TimeUnit unit) {
    Scheduled scheduled = new Scheduled();
    again(scheduled, unit.toNanos(initial), unit.toNanos(delay), task);
    return scheduled;
  }

  private void again(Scheduled scheduled, long first, long next, Runnable task) {
    later(
        scheduled,
        first,
        () -> {
          task.run();
          again(scheduled, next, next, task);
        });
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
