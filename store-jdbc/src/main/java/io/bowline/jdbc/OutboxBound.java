// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.outbox.Pending;
import io.bowline.transport.OncePerMinute;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an outbox does not grow without bound: it is counted now and then, on the way of
 * an append. Thread-safe.
 *
 * <p>Counting passes all rows that wait, so the fuller an outbox is the dearer it gets; it is done
 * again when a part of the room that was left may be filled, when the count is old, and, while the
 * outbox is full, by one append a second: the others are told what that one saw.
 */
final class OutboxBound {
  private static final Logger log = LoggerFactory.getLogger(JdbcOutbox.class);

  /** Counted again after at least so many appended messages, or a part of the room. */
  private static final long COUNTED_AFTER = 1_000;

  private static final int PART_OF_ROOM = 16;
  private static final long OLD_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long OLD_WHILE_FULL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String outbox;
  private final long most;
  private final boolean refuses;
  private final LongSupplier nanos;
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong countAt;
  private final OncePerMinute warnings = new OncePerMinute();
  private volatile boolean full;

  OutboxBound(String outbox, long most, boolean refuses) {
    this(outbox, most, refuses, System::nanoTime);
  }

  OutboxBound(String outbox, long most, boolean refuses, LongSupplier nanos) {
    this.outbox = outbox;
    this.most = most;
    this.refuses = refuses;
    this.nanos = nanos;
    this.countAt = new AtomicLong(nanos.getAsLong());
  }

  /** Counts what waits, up to a bound. */
  @FunctionalInterface
  interface Counting {
    long count(long most) throws SQLException;
  }

  static void check(long most) {
    if (most < 1 || most > Pending.MOST_COUNTED) {
      throw new IllegalArgumentException(
          "From 1 to " + Pending.MOST_COUNTED + " messages may wait, but it was " + most);
    }
  }

  /**
   * Some are to be appended.
   *
   * @throws OutboxFull if that is refused
   */
  void admit(Counting counting, int messages) throws SQLException {
    boolean isFull = full;
    long before = left.getAndAdd(-messages);
    boolean usedUp = !isFull && before >= 0 && before < messages; // seen by one of all
    if (usedUp || isOld()) {
      isFull = counted(counting.count(most), messages);
    }
    if (isFull && refuses) {
      throw new OutboxFull(outbox, most);
    }
    if (isFull && warnings.allows("full")) {
      log.warn(
          "{} messages or more wait in outbox {}: does a relay run, and is the broker there? Told"
              + " at most once a minute",
          most,
          outbox);
    }
  }

  /** True for one of those who ask at once. */
  private boolean isOld() {
    long now = nanos.getAsLong();
    long at = countAt.get();
    return now - at >= 0 && countAt.compareAndSet(at, now + OLD_WHILE_FULL_NANOS);
  }

  private boolean counted(long pending, int messages) {
    boolean isFull = pending >= most;
    left.set(Math.max(COUNTED_AFTER, (most - pending) / PART_OF_ROOM) - messages);
    countAt.set(nanos.getAsLong() + (isFull ? OLD_WHILE_FULL_NANOS : OLD_AFTER_NANOS));
    full = isFull;
    return isFull;
  }
}
