// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Snowflake ids, as decimals: a sign bit of 0, 41 bits of milliseconds since {@link #EPOCH}, 10
 * bits of worker id, 12 bits that count within a millisecond. Thread-safe.
 *
 * <pre>{@code
 * try (SnowflakeIds ids = SnowflakeIds.leased(leases).open()) {
 *   ReliableProducer producer = bowline.producer("trade-service").ids(ids).open();
 * }
 * }</pre>
 *
 * <p>Ids of one object rise strictly, as numbers and, until 2084, as texts: all have 19 digits. A
 * clock that is set back is waited for, at most {@link SnowflakeBuilder#maxWait}; if that cannot
 * suffice an id is refused at once, since drawing on could repeat one. After 4,096 ids in one
 * millisecond the next is waited for.
 *
 * <p>Two processes with one worker id draw the same ids. {@link #leased} prevents that by a store;
 * with {@link #worker}, whoever hands out the numbers must.
 */
public final class SnowflakeIds implements MessageIds, AutoCloseable {
  /** Where the time in an id begins: the start of 2015. Its 41 bits end in September 2084. */
  public static final Instant EPOCH = Instant.parse("2015-01-01T00:00:00Z");

  /** How many worker ids there are: 1,024. */
  public static final int WORKERS = SnowflakeBits.WORKERS;

  static final long EPOCH_MILLIS = EPOCH.toEpochMilli();

  private static final long CLOSED = Long.MAX_VALUE;
  private static final long NOT_NOW = -1;

  /** Between two looks at the clock: 1 ms, and 50 µs if the next millisecond suffices. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long SHORT_PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

  private final Worker worker;
  private final Time time;
  private final Duration maxWait;
  private final AtomicLong lastTick = new AtomicLong(SnowflakeBits.NONE);

  /** The time of day, the steady counter, and how to wait for some nanoseconds. */
  record Time(Clock clock, LongSupplier nanos, LongConsumer pause) {
    static Time of(Clock clock) {
      return new Time(clock, System::nanoTime, LockSupport::parkNanos);
    }

    long millis() {
      return clock.millis() - EPOCH_MILLIS;
    }
  }

  SnowflakeIds(Worker worker, Time time, Duration maxWait) {
    this.worker = worker;
    this.time = time;
    this.maxWait = maxWait;
  }

  /**
   * Ids of a worker id that is given by hand: no two processes may have the same one. What it drew
   * is remembered by nobody, so a process that starts while its clock stands before its last end
   * repeats ids.
   *
   * @param worker from 0 to 1,023
   * @throws IllegalArgumentException if it is not
   */
  public static SnowflakeBuilder worker(int worker) {
    WorkerRange one = new WorkerRange(worker, worker);
    return new SnowflakeBuilder(null, one);
  }

  /** Ids of a worker id that a store lends to one process at a time, and that is renewed. */
  public static SnowflakeBuilder leased(WorkerLeases store) {
    return new SnowflakeBuilder(store, WorkerRange.ALL);
  }

  /** The Unix milliseconds in an id, by the clock of whoever drew it; empty if it is none. */
  public static OptionalLong millis(String id) {
    long number = number(id);
    return number < 0
        ? OptionalLong.empty()
        : OptionalLong.of(SnowflakeBits.millisOf(number) + EPOCH_MILLIS);
  }

  /** The worker id in an id; empty if it is none. */
  public static OptionalInt workerOf(String id) {
    long number = number(id);
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(SnowflakeBits.workerOf(number));
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException another) {
      return -1;
    }
  }

  @Override
  public String next() {
    return next(maxWait);
  }

  @Override
  public String next(Duration longest) {
    long id = draw();
    return Long.toString(id == NOT_NOW ? drawPatiently(longest) : id);
  }

  /** An id, or {@link #NOT_NOW} if the clock or the worker id does not allow one. */
  private long draw() {
    while (true) {
      WorkerHold hold = worker.hold();
      long last = lastTick.get();
      long now = time.millis();
      long next = SnowflakeBits.after(Math.max(last, hold.floor()), now);
      if (next == SnowflakeBits.WAIT || now > hold.upTo()) {
        return NOT_NOW;
      }
      if (lastTick.compareAndSet(last, next)) {
        // Asked after the clock was read: so a process that stood still in between cannot draw with
        // a worker id that another one has by now.
        return worker.lasts(hold) ? SnowflakeBits.id(next, hold.worker()) : NOT_NOW;
      }
    }
  }

  private long drawPatiently(Duration longest) {
    Duration most = longest.compareTo(maxWait) < 0 ? longest : maxWait;
    long began = time.nanos.getAsLong();
    while (true) {
      long left = most.toNanos() - (time.nanos.getAsLong() - began);
      long behind = checkHope(left, most);
      time.pause.accept(Math.min(left, behind == 1 ? SHORT_PAUSE : PAUSE));
      long id = draw();
      if (id != NOT_NOW) {
        return id;
      }
    }
  }

  /**
   * Whether an id may be drawn within so many nanoseconds, by all that is known now.
   *
   * @return by how many milliseconds the clock has to go on first
   */
  private long checkHope(long left, Duration most) {
    long last = lastTick.get();
    if (last == CLOSED) {
      throw new IdsUnavailable(
          "Drawing a Snowflake id: these ids were closed. Close them after the producers that"
              + " draw from them",
          null);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IdsUnavailable(
          "Drawing a Snowflake id: the thread was interrupted while it waited", null);
    }
    WorkerHold hold = worker.hold();
    long now = time.millis();
    long behind = SnowflakeBits.behind(Math.max(last, hold.floor()), now);
    if (now < 0 || now >= SnowflakeBits.END_MILLIS) {
      throw outOfTime();
    }
    if (behind > 0) {
      if (behind > TimeUnit.NANOSECONDS.toMillis(left)) {
        throw clockBehind(hold, behind, most);
      }
    } else {
      worker.hurry();
      if (left <= 0) {
        throw notHeld(hold, now);
      }
    }
    return behind;
  }

  private IdsUnavailable outOfTime() {
    return new IdsUnavailable(
        "Drawing a Snowflake id: the clock stands at "
            + time.clock.instant()
            + ", and the time in such ids goes from "
            + EPOCH
            + " for 69 years. Set the clock",
        null);
  }

  private IdsUnavailable clockBehind(WorkerHold hold, long behind, Duration most) {
    if (behind == 1) {
      return new IdsUnavailable(
          "Drawing a Snowflake id of worker "
              + hold.worker()
              + ": all ids of this millisecond are drawn, and the next one did not come within "
              + most,
          null);
    }
    return new IdsUnavailable(
        "Drawing a Snowflake id of worker "
            + hold.worker()
            + ": the clock stands at "
            + time.clock.instant()
            + ", "
            + behind
            + " ms before the next id, was set back therefore, and does not catch up within "
            + most
            + ". An id drawn now could be a second one. Set the clock right, or wait that long",
        null);
  }

  private IdsUnavailable notHeld(WorkerHold hold, long now) {
    String seen =
        now > hold.upTo()
            ? "the clock jumped ahead to "
                + time.clock.instant()
                + ", beyond what its lease was told, and the lease was not renewed yet"
            : "its lease was not renewed in time, so another process may have it";
    return new IdsUnavailable(
        "Drawing a Snowflake id of worker "
            + hold.worker()
            + ": "
            + seen
            + ". It is tried again in the background; look at the store of the leases",
        null);
  }

  /** Draws no more, and gives a leased worker id back. Closing twice does nothing. */
  @Override
  public void close() {
    long last = lastTick.getAndSet(CLOSED);
    if (last != CLOSED) {
      worker.close(last);
    }
  }
}
