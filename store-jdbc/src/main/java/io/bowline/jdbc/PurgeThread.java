// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes old rows on a thread of its own: few at a time, and after each time it rests for several
 * times as long as that took, so that others hardly notice. Thread-safe.
 */
final class PurgeThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PurgeThread.class);

  /** How many rows are deleted in one transaction: 1,000. */
  static final int ROWS_AT_ONCE = 1_000;

  /** How many times as long as a transaction took it rests until the next: 4. */
  private static final int REST = 4;

  private final String what;
  private final IntSupplier some;
  private final long everyNanos;
  private final OncePerMinute warnings = new OncePerMinute();
  private final ScheduledThreadPoolExecutor thread;

  /**
   * Begins.
   *
   * @param what has the rows: {@code "the inbox of group a"}
   * @param some deletes at most {@link #ROWS_AT_ONCE} and says how many
   * @param every how long after fewer were found it looks again
   */
  PurgeThread(String threadName, String what, IntSupplier some, Duration every) {
    this.what = what;
    this.some = some;
    this.everyNanos = every.toNanos();
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, threadName);
              made.setDaemon(true);
              return made;
            });
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    next(everyNanos);
  }

  private void next(long nanos) {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(this::turn, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void turn() {
    long begun = System.nanoTime();
    boolean more = false;
    try {
      more = some.getAsInt() == ROWS_AT_ONCE;
    } catch (RuntimeException | Error failure) {
      if (warnings.allows("purge")) {
        log.warn(
            "Old rows of {} could not be deleted, which is tried again in {} s: until then the"
                + " table only grows. Told at most once a minute",
            what,
            TimeUnit.NANOSECONDS.toSeconds(everyNanos),
            failure);
      }
    } finally {
      next(more ? REST * (System.nanoTime() - begun) : everyNanos);
    }
  }

  /** Deletes all that are old, without rest, and returns how many. */
  static long all(IntSupplier some) {
    long all = 0;
    while (true) {
      int deleted = some.getAsInt();
      all += deleted;
      if (deleted < ROWS_AT_ONCE) {
        return all;
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
