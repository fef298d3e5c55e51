// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import io.bowline.jdbc.JdbcSchema.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts attempts in table {@code bowline_attempt}, which {@link JdbcSchema} makes or prints.
 * Counts that nobody touched for {@link #KEPT} are dropped on the way, {@value #DROPPED_AT_ONCE} at
 * a time. Thread-safe.
 *
 * <p>Each method throws a {@link JdbcStoreException} if the database fails; where it says {@link
 * JdbcStoreException#unknown()}, an attempt may be counted that did not begin. An
 * IllegalStateException says what to run if the table is missing. A statement may take 5 s.
 */
public final class JdbcAttemptStore implements AttemptStore {
  /** How long a count is kept that nobody touches: 7 days. */
  public static final Duration KEPT = Duration.ofDays(7);

  /** The most counts that are dropped in one transaction: 100. */
  public static final int DROPPED_AT_ONCE = 100;

  /** One call in so many drops old counts. */
  private static final int CALLS_PER_DROP = 256;

  private static final Logger log = LoggerFactory.getLogger(JdbcAttemptStore.class);
  private static final String TABLE = "bowline_attempt";

  private static final String COUNT =
      "update "
          + TABLE
          + " set attempts = attempts + 1, touched_at = "
          + Dialect.NOW
          + " where message_key = ?";
  private static final String FIRST =
      "insert into "
          + TABLE
          + " (message_key, topic, group_name, message_id, attempts, touched_at)"
          + " values (?, ?, ?, ?, 1, "
          + Dialect.NOW
          + ")";
  private static final String COUNTED = "select attempts from " + TABLE + " where message_key = ?";
  private static final String FORGIVE =
      "update " + TABLE + " set attempts = attempts - 1 where message_key = ? and attempts > 0";
  private static final String CLEAR = "delete from " + TABLE + " where message_key = ?";
  private static final String CLOCK = "select " + Dialect.NOW;
  private static final String OLD =
      "select message_key from " + TABLE + " where touched_at < ? order by touched_at limit ?";
  private static final String DROP =
      "delete from " + TABLE + " where message_key = ? and touched_at < ?";

  private final Transactions transactions;

  private JdbcAttemptStore(DataSource database) {
    String columns = "message_key, topic, group_name, message_id, attempts, touched_at";
    transactions = new Transactions(database, new Table(TABLE, columns));
  }

  /** A store in this database, which is not asked before the first call. */
  public static JdbcAttemptStore in(DataSource database) {
    return new JdbcAttemptStore(database);
  }

  private static byte[] key(AttemptKey message) {
    return RowKey.of(message.topic(), message.group(), message.messageId());
  }

  @Override
  public List<Integer> begin(List<AttemptKey> messages) {
    List<byte[]> keys = messages.stream().map(JdbcAttemptStore::key).toList();
    List<Integer> order = RowKey.ascending(keys);
    List<Integer> counts =
        transactions.run(
            "Counting attempts at " + messages.size() + " messages",
            transaction -> {
              Integer[] counted = new Integer[messages.size()];
              for (int at : order) {
                counted[at] = count(transaction, messages.get(at), keys.get(at));
              }
              return List.of(counted);
            });
    if (ThreadLocalRandom.current().nextInt(CALLS_PER_DROP) == 0) {
      dropOnTheWay();
    }
    return counts;
  }

  /** If another one inserts it at the same time, the transaction begins again. */
  private static int count(Transaction transaction, AttemptKey message, byte[] key)
      throws SQLException {
    try (PreparedStatement update = transaction.prepare(COUNT)) {
      update.setBytes(1, key);
      if (update.executeUpdate() > 0) {
        return counted(transaction, key);
      }
    }
    try (PreparedStatement insert = transaction.prepare(FIRST)) {
      insert.setBytes(1, key);
      insert.setString(2, RowKey.shown(message.topic()));
      insert.setString(3, RowKey.shown(message.group()));
      insert.setString(4, RowKey.shown(message.messageId()));
      insert.executeUpdate();
      return 1;
    }
  }

  private static int counted(Transaction transaction, byte[] key) throws SQLException {
    try (PreparedStatement select = transaction.prepare(COUNTED)) {
      select.setBytes(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getInt(1) : 1;
      }
    }
  }

  @Override
  public void forgive(List<AttemptKey> messages) {
    change("Forgiving attempts at ", FORGIVE, messages);
  }

  @Override
  public void clear(List<AttemptKey> messages) {
    change("Clearing attempts at ", CLEAR, messages);
  }

  private void change(String what, String sql, List<AttemptKey> messages) {
    List<byte[]> keys = messages.stream().map(JdbcAttemptStore::key).toList();
    var unused =
        transactions.run(
            what + messages.size() + " messages",
            transaction -> {
              try (PreparedStatement change = transaction.prepare(sql)) {
                for (int at : RowKey.ascending(keys)) {
                  change.setBytes(1, keys.get(at));
                  change.addBatch();
                }
                return change.executeBatch().length;
              }
            });
  }

  private void dropOnTheWay() {
    try {
      var unused = dropOnce(KEPT);
    } catch (JdbcStoreException later) {
      log.debug("Old counts of attempts stay for now", later);
    }
  }

  /**
   * Drops the counts that nobody touched for this long by the database's clock, {@value
   * #DROPPED_AT_ONCE} in a transaction, and returns how many those were. It is done on the way
   * anyway; by this at once, as at night.
   *
   * @param untouched longer than a message may wait for its next delivery
   */
  public int drop(Duration untouched) {
    int all = 0;
    while (true) {
      int dropped = dropOnce(untouched);
      all += dropped;
      if (dropped < DROPPED_AT_ONCE) {
        return all;
      }
    }
  }

  private int dropOnce(Duration untouched) {
    return transactions.run(
        "Dropping old counts of attempts",
        transaction -> {
          Timestamp before = Timestamp.from(now(transaction).toInstant().minus(untouched));
          List<byte[]> old = old(transaction, before);
          try (PreparedStatement drop = transaction.prepare(DROP)) {
            for (byte[] key : old) {
              drop.setBytes(1, key);
              drop.setTimestamp(2, before);
              drop.addBatch();
            }
            drop.executeBatch();
          }
          return old.size();
        });
  }

  private static Timestamp now(Transaction transaction) throws SQLException {
    try (PreparedStatement select = transaction.prepare(CLOCK);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getTimestamp(1);
    }
  }

  private static List<byte[]> old(Transaction transaction, Timestamp before) throws SQLException {
    List<byte[]> old = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OLD)) {
      select.setTimestamp(1, before);
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
