// SPDX-License-Identifier: Apache-2.0
package io.bowline.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The time of day at its making, from there on by the machine's steady counter: it never jumps when
 * the system's clock is set, so deadlines and waits hold. Thread-safe.
 */
public final class SteadyClock extends Clock {
  private static final Duration CENTURY = Duration.ofDays(36_525);

  private final Instant start;
  private final LongSupplier counter;
  private final long startNanos;

  /** Starts at this clock's time. */
  public SteadyClock(Clock wall) {
    this(wall.instant(), System::nanoTime);
  }

  /** Starts at this instant, and goes on by this counter of nanoseconds. */
  public SteadyClock(Instant start, LongSupplier counter) {
    this.start = start;
    this.counter = counter;
    startNanos = counter.getAsLong();
  }

  /** A wait in nanoseconds, from none to a century, so that no sum with it overflows. */
  public static long nanos(Duration wait) {
    if (wait.isNegative()) {
      return 0;
    }
    return wait.compareTo(CENTURY) < 0 ? wait.toNanos() : CENTURY.toNanos();
  }

  /** Nanoseconds since this clock was made: for measuring spans without an object each. */
  public long nanos() {
    return counter.getAsLong() - startNanos;
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** This clock: its instants have no zone. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
