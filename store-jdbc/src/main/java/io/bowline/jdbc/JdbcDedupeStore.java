// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.jdbc.DedupeRows.Found;
import io.bowline.jdbc.JdbcSchema.Table;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in table {@code bowline_dedupe}, which {@link JdbcSchema} makes or prints, which
 * messages took effect. Leases are by the database's clock. What is older than it remembers is
 * dropped on the way, {@value #DROPPED_AT_ONCE} at a time. Thread-safe.
 *
 * <p>Each method throws a {@link JdbcStoreException} if the database fails; where it says {@link
 * JdbcStoreException#unknown()} of a claim, that may hold until its lease ends. An
 * IllegalStateException says what to run if the table is missing. A statement may take 5 s.
 */
public final class JdbcDedupeStore implements DedupeStore {
  /** The lease, where none is said: 1 min. */
  public static final Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  /** For how long it remembers, where nothing is said: 30 days. */
  public static final Duration DEFAULT_REMEMBERS = Duration.ofDays(30);

  /** The most messages that are dropped in one transaction: 100. */
  public static final int DROPPED_AT_ONCE = 100;

  /** One in so many that are done drops old ones: more of them than come meanwhile. */
  private static final int DONE_PER_DROP = 64;

  private static final Logger log = LoggerFactory.getLogger(JdbcDedupeStore.class);

  private final Transactions transactions;
  private final Duration lease;
  private final Duration remembers;

  private JdbcDedupeStore(Transactions transactions, Duration lease, Duration remembers) {
    this.transactions = transactions;
    this.lease = lease;
    this.remembers = remembers;
  }

  /** A store in this database, which is not asked before the first call. */
  public static JdbcDedupeStore in(DataSource database) {
    Table table = new Table(DedupeRows.TABLE, DedupeRows.COLUMNS);
    Transactions transactions = new Transactions(database, table);
    return new JdbcDedupeStore(transactions, DEFAULT_LEASE, DEFAULT_REMEMBERS);
  }

  /**
   * The same with this lease, 1 min by default: how long a message waits whose handler's process
   * ended, and how long a process may stand still without being followed.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms
   */
  public JdbcDedupeStore lease(Duration other) {
    return new JdbcDedupeStore(transactions, atLeastOne("lease", other), remembers);
  }

  /**
   * The same, remembering for this long, 30 days by default.
   *
   * @throws IllegalArgumentException unless it is at least 1 ms
   */
  public JdbcDedupeStore remembers(Duration other) {
    return new JdbcDedupeStore(transactions, lease, atLeastOne("time to remember", other));
  }

  private static Duration atLeastOne(String what, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException("A " + what + " is at least 1 ms, but it was " + value);
    }
    return value;
  }

  @Override
  public Duration lease() {
    return lease;
  }

  @Override
  public Duration remembers() {
    return remembers;
  }

  @Override
  public String memory() {
    return "table " + DedupeRows.TABLE;
  }

  @Override
  public Answer claim(DedupeKey message) {
    Claim claim = new Claim(message, UUID.randomUUID().toString());
    return transactions.run(
        "Claiming " + message,
        transaction -> {
          DedupeRows rows = new DedupeRows(transaction);
          return rows.claim(claim, lease) ? new Answer.Mine(claim) : answer(rows.found(message));
        });
  }

  /** One that was released a moment ago may be claimed in a moment. */
  private static Answer answer(Optional<Found> found) {
    return found.isPresent() && found.get().done()
        ? new Answer.Done()
        : new Answer.Busy(Duration.ofMillis(Math.max(0, found.map(Found::left).orElse(0L))));
  }

  @Override
  public void extend(List<Claim> claims) {
    if (claims.isEmpty()) {
      return;
    }
    Comparator<Claim> byKey =
        (one, other) ->
            Arrays.compare(DedupeRows.key(one.message()), DedupeRows.key(other.message()));
    List<Claim> ordered = claims.stream().sorted(byKey).toList(); // so that nobody waits in a ring
    var unused =
        transactions.run(
            "Extending " + claims.size() + " claims",
            transaction -> {
              new DedupeRows(transaction).extend(ordered, lease);
              return claims.size();
            });
  }

  @Override
  public boolean done(Claim claim) {
    boolean ours =
        transactions.run(
            "Writing down as done " + claim.message(),
            transaction -> new DedupeRows(transaction).done(claim));
    if (ThreadLocalRandom.current().nextInt(DONE_PER_DROP) == 0) {
      dropOnTheWay();
    }
    return ours;
  }

  private void dropOnTheWay() {
    try {
      var unused = dropOnce(remembers);
    } catch (JdbcStoreException later) {
      log.debug("Old messages stay in {} for now", DedupeRows.TABLE, later);
    }
  }

  @Override
  public void release(Claim claim) {
    var unused =
        transactions.run(
            "Releasing " + claim.message(),
            transaction -> {
              new DedupeRows(transaction).release(claim);
              return true;
            });
  }

  /**
   * Drops all that is older than this store {@link #remembers}, {@value #DROPPED_AT_ONCE} in a
   * transaction, and returns how many those were. It is done on the way anyway; by this at once, as
   * at night.
   */
  public int drop() {
    return drop(remembers);
  }

  /** The same of what is older than this. */
  int drop(Duration past) {
    int all = 0;
    while (true) {
      int dropped = dropOnce(past);
      all += dropped;
      if (dropped < DROPPED_AT_ONCE) {
        return all;
      }
    }
  }

  private int dropOnce(Duration past) {
    return transactions.run(
        "Dropping old messages of " + DedupeRows.TABLE,
        transaction -> new DedupeRows(transaction).drop(past, DROPPED_AT_ONCE));
  }
}
