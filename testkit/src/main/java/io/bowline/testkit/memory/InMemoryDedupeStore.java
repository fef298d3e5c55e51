// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in memory what took effect, for tests: what is shared by several consumers of this JVM
 * outlives each of them, but no process. It forgets nothing by itself. Thread-safe.
 */
public final class InMemoryDedupeStore implements DedupeStore {
  /** The most messages that are claimed or done: 100,000. */
  public static final int MOST = 100_000;

  /** The lease, where none is said: 1 min. */
  public static final Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  private static final Duration REMEMBERS = Duration.ofDays(365);

  private final Map<DedupeKey, Row> rows;
  private final Duration lease;

  /**
   * A message.
   *
   * @param until when the lease ends, of {@link System#nanoTime}
   */
  private record Row(String token, boolean done, long until) {
    boolean isFree() {
      return !done && until - System.nanoTime() <= 0;
    }
  }

  /** A store in which nothing is claimed or done. */
  public InMemoryDedupeStore() {
    this(new HashMap<>(), DEFAULT_LEASE);
  }

  private InMemoryDedupeStore(Map<DedupeKey, Row> rows, Duration lease) {
    this.rows = rows;
    this.lease = lease;
  }

  /** The same memory, by another lease. */
  public InMemoryDedupeStore lease(Duration other) {
    return new InMemoryDedupeStore(rows, other);
  }

  @Override
  public Duration lease() {
    return lease;
  }

  @Override
  public Duration remembers() {
    return REMEMBERS;
  }

  @Override
  public String memory() {
    return "the store in memory";
  }

  private Row row(String token) {
    return new Row(token, false, System.nanoTime() + lease.toNanos());
  }

  /**
   * Claims a message.
   *
   * @throws IllegalStateException if more than {@link #MOST} messages would be kept
   */
  @Override
  public Answer claim(DedupeKey message) {
    synchronized (rows) {
      Row row = rows.get(message);
      if (row != null && !row.isFree()) {
        return row.done
            ? new Answer.Done()
            : new Answer.Busy(Duration.ofNanos(Math.max(0, row.until - System.nanoTime())));
      }
      if (rows.size() >= MOST) {
        throw new IllegalStateException(
            "%,d messages are kept in memory, and no more can be".formatted(MOST));
      }
      String token = UUID.randomUUID().toString();
      rows.put(message, row(token));
      return new Answer.Mine(new Claim(message, token));
    }
  }

  private static boolean isOf(@Nullable Row row, Claim claim) {
    return row != null && row.token.equals(claim.token());
  }

  @Override
  public void extend(List<Claim> claims) {
    synchronized (rows) {
      for (Claim claim : claims) {
        Row row = rows.get(claim.message());
        if (row != null && isOf(row, claim) && !row.done) {
          rows.put(claim.message(), row(claim.token()));
        }
      }
    }
  }

  @Override
  public boolean done(Claim claim) {
    synchronized (rows) {
      Row row = rows.get(claim.message());
      boolean ours = isOf(row, claim);
      if (ours || row == null) {
        rows.put(claim.message(), new Row(claim.token(), true, 0));
      }
      return ours;
    }
  }

  @Override
  public void release(Claim claim) {
    synchronized (rows) {
      Row row = rows.get(claim.message());
      if (row != null && isOf(row, claim) && !row.done) {
        rows.remove(claim.message());
      }
    }
  }

  /** Forgets a message, as a store does that loses what it was told. */
  public void forget(DedupeKey message) {
    synchronized (rows) {
      rows.remove(message);
    }
  }
}
