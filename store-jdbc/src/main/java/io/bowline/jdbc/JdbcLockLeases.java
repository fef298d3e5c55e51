// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import io.bowline.lock.LeasedLocks;
import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import io.bowline.message.Names;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks lent by a database, for {@link LeasedLocks}, in table {@code bowline_lock}: a row for each
 * name, with its owner, its last token, and when it is free again by the database's clock.
 * Thread-safe.
 *
 * <p>A token is above the one before it, and at least the microseconds since 1970 by the database's
 * clock: so tokens grow though rows of names that are free for {@link #KEPT} are dropped on the way
 * ({@value #DROPPED_AT_ONCE} at a time), and though a backup is restored; as long as that clock is
 * not set back by more, and one name is not taken a million times a second.
 */
public final class JdbcLockLeases implements LockLeases {
  /** How long a row is kept whose name is free: 1 day. */
  public static final Duration KEPT = Duration.ofDays(1);

  /** The most rows that are dropped in one transaction: 100. */
  public static final int DROPPED_AT_ONCE = 100;

  /** One taking in so many drops old rows. */
  private static final int TAKEN_PER_DROP = 256;

  private static final Logger log = LoggerFactory.getLogger(JdbcLockLeases.class);
  private static final Table LOCKS =
      new Table("bowline_lock", "lock_key, name, owner, token, free_at");
  private static final String TAKE =
      "update bowline_lock set owner = ?, free_at = ?,"
          + " token = case when token >= ? then token + 1 else ? end"
          + " where lock_key = ? and free_at <= ?";
  private static final String FIRST =
      "insert into bowline_lock (lock_key, name, owner, token, free_at) values (?, ?, ?, ?, ?)";
  private static final String READ = "select owner, token from bowline_lock where lock_key = ?";
  private static final String RENEW =
      "update bowline_lock set free_at = ? where lock_key = ? and owner = ?";
  private static final String GIVE_BACK =
      "update bowline_lock set owner = '', free_at = ? where lock_key = ? and owner = ?";
  private static final String OLD =
      "select lock_key from bowline_lock where free_at < ? order by free_at limit ?";
  private static final String DROP = "delete from bowline_lock where lock_key = ? and free_at < ?";

  private final Transactions transactions;
  private final String realm;

  private JdbcLockLeases(Transactions transactions, String realm) {
    this.transactions = transactions;
    this.realm = realm;
  }

  /**
   * Locks in this database, which is not asked before the first call.
   *
   * @param realm keeps the names of one use apart from those of another, such as {@code beans}
   * @throws IllegalArgumentException if the realm is blank
   */
  public static JdbcLockLeases in(DataSource database, String realm) {
    return new JdbcLockLeases(
        new Transactions(database, LOCKS), Names.required("realm of locks", realm));
  }

  private byte[] key(String name) {
    return RowKey.of(realm, name);
  }

  @Override
  public Optional<LockLease> take(String name, String owner, Duration length) {
    if (ThreadLocalRandom.current().nextInt(TAKEN_PER_DROP) == 0) {
      dropOnTheWay();
    }
    LockLease asked = new LockLease(name, owner, 0);
    return transactions.run(
        "Taking the lock of " + name,
        transaction -> {
          CommitToDisk.of(transaction);
          return taken(transaction, asked, length);
        });
  }

  /** Done again after an unclear answer it finds its own owner. */
  private Optional<LockLease> taken(Transaction transaction, LockLease asked, Duration length)
      throws SQLException {
    byte[] key = key(asked.name());
    long now = DatabaseTime.now(transaction);
    long least = Math.multiplyExact(now, 1_000);
    try (PreparedStatement take = transaction.prepare(TAKE)) {
      take.setString(1, asked.owner());
      take.setLong(2, now + length.toMillis());
      take.setLong(3, least);
      take.setLong(4, least);
      take.setBytes(5, key);
      take.setLong(6, now);
      boolean unused = take.executeUpdate() > 0;
    }
    try (PreparedStatement read = transaction.prepare(READ)) {
      read.setBytes(1, key);
      try (ResultSet row = read.executeQuery()) {
        if (row.next()) {
          return row.getString(1).equals(asked.owner())
              ? Optional.of(new LockLease(asked.name(), asked.owner(), row.getLong(2)))
              : Optional.empty();
        }
      }
    }
    try (PreparedStatement first = transaction.prepare(FIRST)) {
      first.setBytes(1, key);
      first.setString(2, RowKey.shown(realm + ": " + asked.name()));
      first.setString(3, asked.owner());
      first.setLong(4, least);
      first.setLong(5, now + length.toMillis());
      var unused = first.executeUpdate(); // if another one does too, all is done again
    }
    return Optional.of(new LockLease(asked.name(), asked.owner(), least));
  }

  @Override
  public boolean renew(LockLease lease, Duration length) {
    return transactions.run(
        "Renewing the lock of " + lease.name(),
        transaction -> {
          CommitToDisk.of(transaction);
          try (PreparedStatement renew = transaction.prepare(RENEW)) {
            renew.setLong(1, DatabaseTime.now(transaction) + length.toMillis());
            renew.setBytes(2, key(lease.name()));
            renew.setString(3, lease.owner());
            return renew.executeUpdate() == 1;
          }
        });
  }

  @Override
  public void giveBack(LockLease lease) {
    var unused =
        transactions.run(
            "Giving back the lock of " + lease.name(),
            transaction -> {
              try (PreparedStatement end = transaction.prepare(GIVE_BACK)) {
                end.setLong(1, DatabaseTime.now(transaction));
                end.setBytes(2, key(lease.name()));
                end.setString(3, lease.owner());
                return end.executeUpdate();
              }
            });
  }

  private void dropOnTheWay() {
    try {
      int dropped = drop();
      log.debug("{} locks are forgotten that nobody took for {}", dropped, KEPT);
    } catch (JdbcStoreException later) {
      log.debug("Old locks stay for now", later);
    }
  }

  /** Drops some rows of names that are free for long; their tokens stay below all new ones. */
  private int drop() {
    return transactions.run(
        "Dropping old locks",
        transaction -> {
          long before = DatabaseTime.now(transaction) - KEPT.toMillis();
          List<byte[]> old = old(transaction, before);
          try (PreparedStatement drop = transaction.prepare(DROP)) {
            for (byte[] key : old) {
              drop.setBytes(1, key);
              drop.setLong(2, before);
              drop.addBatch();
            }
            drop.executeBatch();
          }
          return old.size();
        });
  }

  private static List<byte[]> old(Transaction transaction, long before) throws SQLException {
    List<byte[]> old = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OLD)) {
      select.setLong(1, before);
      select.setInt(2, DROPPED_AT_ONCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          old.add(row.getBytes(1));
        }
      }
    }
    return old;
  }
}
