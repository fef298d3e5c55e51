// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of Snowflake ids, each with a default. Not thread-safe. */
public final class SnowflakeBuilder {
  /**
   * The default {@link #maxWait}: 1 s, as much as clocks are usually set back at once: a leap
   * second, or a step of chrony or ntpd.
   */
  public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

  /** The default {@link #lease}: 30 s. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  /** The default {@link #coolDown}: 30 s. */
  public static final Duration DEFAULT_COOL_DOWN = Duration.ofSeconds(30);

  private static final Duration LEAST_LEASE = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(1);

  private final @Nullable WorkerLeases store;
  private WorkerRange workers;
  private Clock clock = Clock.systemUTC();
  private Duration maxWait = DEFAULT_MAX_WAIT;
  private Duration lease = DEFAULT_LEASE;
  private Duration coolDown = DEFAULT_COOL_DOWN;

  SnowflakeBuilder(@Nullable WorkerLeases store, WorkerRange workers) {
    this.store = store;
    this.workers = workers;
  }

  /** The time of day; the system's by default. */
  public SnowflakeBuilder clock(Clock clock) {
    this.clock = Objects.requireNonNull(clock);
    return this;
  }

  /**
   * The longest that an id is waited for: for a clock that was set back, for the next millisecond,
   * for a lease that is being renewed. 1 s by default, at most a day.
   *
   * @throws IllegalArgumentException if it is negative or longer than a day
   */
  public SnowflakeBuilder maxWait(Duration longest) {
    this.maxWait = within("The longest wait for an id", Duration.ZERO, longest);
    return this;
  }

  /**
   * How long a worker id is kept for a process that is not heard of; 30 s by default. It is renewed
   * after a third of it. After five sixths without a renewal the process stops to draw by its own
   * steady counter: the last sixth is for counters that run at different speeds.
   *
   * @throws IllegalArgumentException if it is not from 100 ms to a day, or the ids are not leased
   */
  public SnowflakeBuilder lease(Duration length) {
    checkLeased("lease");
    this.lease = within("A lease of a worker id", LEAST_LEASE, length);
    return this;
  }

  /**
   * How long after the end of a lease nobody else gets its worker id, 30 s by default. It covers
   * what a store may forget of its last moments; that no time is used twice, whatever the clocks
   * show, is seen to otherwise.
   *
   * @throws IllegalArgumentException if it is negative or longer than a day, or the ids are not
   *     leased
   */
  public SnowflakeBuilder coolDown(Duration length) {
    checkLeased("cool-down");
    this.coolDown = within("A cool-down of a worker id", Duration.ZERO, length);
    return this;
  }

  /**
   * The worker ids that are leased: all 1,024 by default. Those left out may be given by hand.
   *
   * @throws IllegalArgumentException if they do not lie from 0 to 1,023, or the ids are not leased
   */
  public SnowflakeBuilder workers(int first, int last) {
    checkLeased("range");
    this.workers = new WorkerRange(first, last);
    return this;
  }

  private void checkLeased(String what) {
    if (store == null) {
      throw new IllegalArgumentException(
          "A worker id given by hand has no " + what + ": use SnowflakeIds.leased(store)");
    }
  }

  private static Duration within(String what, Duration least, Duration length) {
    if (length.compareTo(least) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " lasts from " + least + " to " + LONGEST + ", but it was " + length);
    }
    return length;
  }

  /**
   * The ids; takes a lease first, if they are leased.
   *
   * @throws IdsUnavailable if no worker id is free, or the store cannot be asked
   */
  public SnowflakeIds open() {
    SnowflakeIds.Time time = SnowflakeIds.Time.of(clock);
    if (store == null) {
      return new SnowflakeIds(new Worker.ByHand(workers.first()), time, maxWait);
    }
    LeasedWorker leased =
        new LeasedWorker(store, new LeasedWorker.Settings(workers, lease, coolDown, time));
    leased.open();
    return new SnowflakeIds(leased, time, maxWait);
  }
}
