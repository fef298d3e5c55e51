// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts the outcomes of one contestant. Thread-safe. */
final class Tally {
  private static final long LOOK_AGAIN = Duration.ofNanos(100_000).toNanos();

  private final LongAdder confirmed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

  void confirmed() {
    confirmed.increment();
  }

  void failed(Throwable failure) {
    failed.increment();
    firstFailure.compareAndSet(null, failure);
  }

  /** One outcome, as futures and callbacks tell it. */
  void outcome(@Nullable Throwable failure) {
    if (failure == null) {
      confirmed();
    } else {
      failed(failure);
    }
  }

  long outcomes() {
    return confirmed.sum() + failed.sum();
  }

  /**
   * Waits until so many outcomes were told since the tally was made.
   *
   * @throws IllegalStateException if that takes longer, or if one was no confirm: a figure with
   *     failures in it says nothing
   */
  void await(long wanted, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    while (outcomes() < wanted && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_AGAIN);
    }
    if (outcomes() != wanted || failed.sum() > 0) {
      throw new IllegalStateException(
          "%d messages were sent, %d confirmed, %d failed, within %s; the first failure follows"
              .formatted(wanted, confirmed.sum(), failed.sum(), longest),
          firstFailure.get());
    }
  }
}
