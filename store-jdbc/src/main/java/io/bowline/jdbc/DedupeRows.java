// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of messages that are claimed or done, in one transaction. */
final class DedupeRows {
  /** The table. */
  static final String TABLE = "bowline_dedupe";

  /** What is needed of it. */
  static final String COLUMNS = "message_key, topic, group_name, message_id, token, done, until_at";

  private static final int CLAIMED = 0;
  private static final int DONE = 1;

  private final Transaction transaction;
  private final String now;

  DedupeRows(Transaction transaction) {
    this.transaction = transaction;
    this.now = DatabaseTime.millis(transaction.dialect());
  }

  /**
   * What is there of a message.
   *
   * @param left milliseconds until its lease ends
   */
  record Found(boolean done, long left) {}

  static byte[] key(DedupeKey message) {
    return RowKey.of(message.topic(), message.group(), message.messageId());
  }

  /** Claims what nobody else has. */
  boolean claim(Claim claim, Duration lease) throws SQLException {
    return inserted(claim, CLAIMED, lease.toMillis()) || takenOver(claim, lease);
  }

  /** Whether it was not there; a row that is there costs no transaction. */
  private boolean inserted(Claim claim, int done, long millis) throws SQLException {
    boolean skips = transaction.dialect() == Dialect.POSTGRESQL; // where a failure ends it
    String insert =
        "insert into %s (%s) values (?, ?, ?, ?, ?, ?, %s + ?)".formatted(TABLE, COLUMNS, now)
            + (skips ? " on conflict (message_key) do nothing" : "");
    DedupeKey message = claim.message();
    try (PreparedStatement row = transaction.prepare(insert)) {
      row.setBytes(1, key(message));
      row.setString(2, RowKey.shown(message.topic()));
      row.setString(3, RowKey.shown(message.group()));
      row.setString(4, RowKey.shown(message.messageId()));
      row.setString(5, claim.token());
      row.setInt(6, done);
      row.setLong(7, millis);
      return row.executeUpdate() == 1;
    } catch (SQLException failure) {
      if (!skips && String.valueOf(failure.getSQLState()).startsWith("23")) {
        return false;
      }
      throw failure;
    }
  }

  private boolean takenOver(Claim claim, Duration lease) throws SQLException {
    String update =
        "update %s set token = ?, until_at = %s + ? where message_key = ? and done = 0 and until_at <= %s"
            .formatted(TABLE, now, now);
    try (PreparedStatement row = transaction.prepare(update)) {
      row.setString(1, claim.token());
      row.setLong(2, lease.toMillis());
      row.setBytes(3, key(claim.message()));
      return row.executeUpdate() == 1;
    }
  }

  Optional<Found> found(DedupeKey message) throws SQLException {
    String select =
        "select done, until_at - %s from %s where message_key = ?".formatted(now, TABLE);
    try (PreparedStatement asked = transaction.prepare(select)) {
      asked.setBytes(1, key(message));
      try (ResultSet row = asked.executeQuery()) {
        return row.next()
            ? Optional.of(new Found(row.getInt(1) == DONE, row.getLong(2)))
            : Optional.empty();
      }
    }
  }

  void extend(List<Claim> claims, Duration lease) throws SQLException {
    String update =
        "update %s set until_at = %s + ? where message_key = ? and token = ? and done = 0"
            .formatted(TABLE, now);
    try (PreparedStatement row = transaction.prepare(update)) {
      for (Claim claim : claims) {
        row.setLong(1, lease.toMillis());
        row.setBytes(2, key(claim.message()));
        row.setString(3, claim.token());
        row.addBatch();
      }
      var unused = row.executeBatch();
    }
  }

  boolean done(Claim claim) throws SQLException {
    String update =
        "update %s set done = 1, until_at = %s where message_key = ? and token = ?"
            .formatted(TABLE, now);
    boolean ours;
    try (PreparedStatement row = transaction.prepare(update)) {
      row.setBytes(1, key(claim.message()));
      row.setString(2, claim.token());
      ours = row.executeUpdate() == 1;
    }
    if (!ours) {
      var unused = inserted(claim, DONE, 0);
    }
    return ours;
  }

  void release(Claim claim) throws SQLException {
    String delete =
        "delete from %s where message_key = ? and token = ? and done = 0".formatted(TABLE);
    try (PreparedStatement row = transaction.prepare(delete)) {
      row.setBytes(1, key(claim.message()));
      row.setString(2, claim.token());
      var unused = row.executeUpdate();
    }
  }

  /** Drops at most so many that have been over, or done, for this long; how many those were. */
  int drop(Duration past, int most) throws SQLException {
    List<byte[]> old = old(past, most);
    String delete =
        "delete from %s where message_key = ? and until_at < %s - ?".formatted(TABLE, now);
    try (PreparedStatement row = transaction.prepare(delete)) {
      for (byte[] key : old) {
        row.setBytes(1, key);
        row.setLong(2, past.toMillis());
        row.addBatch();
      }
      var unused = row.executeBatch();
    }
    return old.size();
  }

  private List<byte[]> old(Duration past, int most) throws SQLException {
    String select =
        "select message_key from %s where until_at < %s - ? order by until_at limit ?"
            .formatted(TABLE, now);
    List<byte[]> old = new ArrayList<>();
    try (PreparedStatement asked = transaction.prepare(select)) {
      asked.setLong(1, past.toMillis());
      asked.setInt(2, most);
      try (ResultSet row = asked.executeQuery()) {
        while (row.next()) {
          old.add(row.getBytes(1));
        }
      }
    }
    return old;
  }
}
