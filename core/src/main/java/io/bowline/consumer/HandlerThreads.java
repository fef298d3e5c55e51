// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.machine.Machine;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which a consumer runs user code, and the timer of its back-offs. What is queued
 * for them is bounded by the deliveries that the consumer holds. Thread-safe.
 */
final class HandlerThreads {
  private static final Logger log = LoggerFactory.getLogger(HandlerThreads.class);

  private final ThreadPoolExecutor handlers;
  private final ScheduledExecutorService timer;

  private static final class HandlerThread extends Thread {
    private final HandlerThreads owner;

    HandlerThread(HandlerThreads owner, Runnable task, String name) {
      super(task, name);
      this.owner = owner;
    }
  }

  HandlerThreads(Machine machine, String name, int concurrency) {
    handlers =
        machine.pool(
            concurrency,
            task -> thread(task, "bowline-handler-" + name),
            new ThreadPoolExecutor.DiscardPolicy());
    timer = machine.timer(task -> thread(task, "bowline-retry-" + name), true);
  }

  private Thread thread(Runnable task, String name) {
    Thread thread = new HandlerThread(this, task, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (who, failure) -> log.error("Thread {} failed", who.getName(), failure));
    return thread;
  }

  void execute(Runnable task) {
    handlers.execute(task);
  }

  /** Runs a task on a handler thread after a delay. */
  void after(Duration delay, Runnable task) {
    var unused =
        timer.schedule(() -> execute(task), SteadyClock.nanos(delay), TimeUnit.NANOSECONDS);
  }

  /** Does a little now and then, on the timer's thread, whatever handlers are at. */
  void every(Duration period, Runnable look) {
    long nanos = SteadyClock.nanos(period);
    Runnable safe =
        () -> {
          try {
            look.run();
          } catch (RuntimeException | Error failure) {
            log.error("Looking after a consumer failed, and is tried again", failure);
          }
        };
    var unused = timer.scheduleWithFixedDelay(safe, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Whether the caller is user code of this consumer. */
  boolean isCurrent() {
    return Thread.currentThread() instanceof HandlerThread thread && thread.owner == this;
  }

  /** Starts nothing more and interrupts what still runs. */
  void stop() {
    timer.shutdownNow();
    handlers.shutdownNow();
  }
}
