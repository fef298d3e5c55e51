// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.machine.Machine;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which a consumer runs user code, and the timer of its back-offs. What is queued
 * for them is bounded by the deliveries that the consumer holds. Thread-safe.
 */
final class HandlerThreads {
  private static final Logger log = LoggerFactory.getLogger(HandlerThreads.class);

  /** How long to wait for memory before the next try at what could not be done without. */
  private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(100);

  /** Whose thread the current one is. */
  private static final ThreadLocal<HandlerThreads> OWNER = new ThreadLocal<>();

  private final Machine machine;
  private final String name;
  private final ThreadPoolExecutor handlers;
  private final ScheduledExecutorService timer;
  private volatile @Nullable ScheduledExecutorService leases;
  private final OncePerMinute warnings = new OncePerMinute();

  /**
   * @param kind makes the threads of handlers
   */
  HandlerThreads(Machine machine, String name, int concurrency, ThreadFactory kind) {
    this.machine = machine;
    this.name = name;
    handlers =
        machine.pool(
            concurrency,
            task -> named(kind.newThread(() -> own(task)), "bowline-handler-" + name),
            new ThreadPoolExecutor.DiscardPolicy());
    timer = machine.timer(task -> named(new Thread(task), "bowline-retry-" + name), true);
  }

  private static Thread named(Thread thread, String name) {
    thread.setName(name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (who, failure) -> log.error("Thread {} failed", who.getName(), failure));
    return thread;
  }

  private void own(Runnable task) {
    OWNER.set(this);
    task.run();
  }

  /** Runs a task soon; also if the machine has no thread or no memory to spare for it just now. */
  void execute(Runnable task) {
    boolean taken = false;
    while (!taken) {
      try {
        handlers.execute(task);
        taken = true;
      } catch (OutOfMemoryError scarce) {
        taken = queued(task, scarce) || !breathe();
      }
    }
  }

  /** If only the start of one more thread failed, those at work take the task, or the next one. */
  private boolean queued(Runnable task, OutOfMemoryError scarce) {
    try {
      boolean queued = handlers.getQueue().offer(task);
      after(Duration.ofNanos(BREATH), () -> {});
      if (warnings.allows("thread")) {
        log.warn(
            "No thread can be started for a handler: work goes on with {} threads. Give the process"
                + " more memory or threads, or the consumer less concurrency",
            handlers.getPoolSize(),
            scarce);
      }
      return queued;
    } catch (OutOfMemoryError noMemory) {
      return false;
    }
  }

  /** Runs a task on a handler thread after a delay. */
  void after(Duration delay, Runnable task) {
    var unused =
        timer.schedule(() -> execute(task), SteadyClock.nanos(delay), TimeUnit.NANOSECONDS);
  }

  /** Does a little now and then, on the timer's thread, whatever handlers are at. */
  void every(Duration period, Runnable look) {
    every(timer, period, look);
  }

  /** The same on a thread of its own, for what waits for a store. At most once. */
  void everyApart(Duration period, Runnable look) {
    ScheduledExecutorService apart =
        machine.timer(task -> named(new Thread(task), "bowline-lease-" + name), true);
    leases = apart;
    every(apart, period, look);
  }

  private static void every(ScheduledExecutorService on, Duration period, Runnable look) {
    long nanos = SteadyClock.nanos(period);
    Runnable safe =
        () -> {
          try {
            look.run();
          } catch (RuntimeException | Error failure) {
            log.error("Looking after a consumer failed, and is tried again", failure);
          }
        };
    var unused = on.scheduleWithFixedDelay(safe, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Whether the caller is user code of this consumer. */
  boolean isCurrent() {
    return OWNER.get() == this;
  }

  /** Waits a little on the caller's thread; false if nothing may go on, since these stopped. */
  boolean breathe() {
    LockSupport.parkNanos(BREATH);
    return !handlers.isShutdown();
  }

  /** Whether what still runs is interrupted. */
  boolean isStopped() {
    return handlers.isShutdown();
  }

  /** Starts nothing more and interrupts what still runs. */
  void stop() {
    ScheduledExecutorService apart = leases;
    if (apart != null) {
      apart.shutdownNow();
    }
    timer.shutdownNow();
    handlers.shutdownNow();
  }
}
