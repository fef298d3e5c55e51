// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The rows of one group's version guard in table {@code bowline_version}, one for each key. */
final class VersionRows {
  static final String NAME = "bowline_version";
  static final Table TABLE =
      new Table(
          NAME,
          "version_key, group_key, topic, group_name, source, epoch, key_name, last_number,"
              + " skipped, waits_first, waits_last, waits_since, touched_at");

  private static final String READ =
      "epoch, last_number, skipped, waits_first, waits_last, waits_since";
  private static final String SAVE =
      "update "
          + NAME
          + " set epoch = ?, last_number = ?, skipped = ?, waits_first = ?, waits_last = ?,"
          + " waits_since = ?, touched_at = %s where version_key = ?";
  private static final String WAITING =
      "select version_key, topic, source, key_name, last_number, waits_first, waits_last,"
          + " waits_since from "
          + NAME
          + " where group_key = ? and waits_since > 0 order by waits_since limit ?";
  private static final String STILL =
      " and set_config('idle_in_transaction_session_timeout', ?, true) is not null";

  private final String group;
  private final byte[] groupKey;
  private final String idleMillis;

  /** A row as it is read: what it remembers, and the database's time. */
  record Row(VersionState state, long now) {}

  /**
   * @param timeout how long a transaction may stand still, where the database can be told
   */
  VersionRows(String group, Duration timeout) {
    this.group = group;
    this.groupKey = RowKey.of(group);
    this.idleMillis = Long.toString(timeout.toMillis());
  }

  String group() {
    return group;
  }

  /**
   * Raises the number by one, if it is the one before and nothing waits: by one statement, and so
   * for almost all messages.
   *
   * @return whether it was
   */
  boolean raise(Transaction transaction, byte[] key, long number, long epoch) throws SQLException {
    boolean postgres = transaction.dialect() == Dialect.POSTGRESQL;
    String raise =
        "update "
            + NAME
            + " set last_number = ?, epoch = case when epoch < ? then ? else epoch end,"
            + " touched_at = "
            + DatabaseTime.millis(transaction.dialect())
            + " where version_key = ? and last_number = ? and waits_last = 0";
    try (PreparedStatement update = transaction.prepare(postgres ? raise + STILL : raise)) {
      update.setLong(1, number);
      update.setLong(2, epoch);
      update.setLong(3, epoch);
      update.setBytes(4, key);
      update.setLong(5, number - 1);
      if (postgres) {
        update.setString(6, idleMillis);
      }
      return update.executeUpdate() > 0;
    }
  }

  /** Reads a row and has it to itself until the transaction ends; empty if there is none. */
  Optional<Row> lock(Transaction transaction, byte[] key) throws SQLException {
    Dialect dialect = transaction.dialect();
    boolean postgres = dialect == Dialect.POSTGRESQL;
    String select =
        "select "
            + READ
            + ", "
            + DatabaseTime.millis(dialect)
            + " from "
            + NAME
            + " where version_key = ?";
    try (PreparedStatement read =
        transaction.prepare((postgres ? select + STILL : select) + " for update")) {
      read.setBytes(1, key);
      if (postgres) {
        read.setString(2, idleMillis);
      }
      try (ResultSet row = read.executeQuery()) {
        return row.next() ? Optional.of(new Row(state(row), row.getLong(7))) : Optional.empty();
      }
    }
  }

  private static VersionState state(ResultSet row) throws SQLException {
    return new VersionState(
        row.getLong(1),
        row.getLong(2),
        NumberRanges.read(row.getString(3)),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6));
  }

  /** Makes the row of a key of which nothing is known; leaves one that is there as it is. */
  void begin(Transaction transaction, byte[] key, KeyOfSource of) throws SQLException {
    Dialect dialect = transaction.dialect();
    String insert =
        "insert into %s (%s) values (?, ?, ?, ?, ?, ?, ?, 0, '', 0, 0, 0, %s)"
            .formatted(NAME, TABLE.columns(), DatabaseTime.millis(dialect));
    try (PreparedStatement begin = transaction.prepare(dialect.unlessThere(insert))) {
      begin.setBytes(1, key);
      begin.setBytes(2, groupKey);
      begin.setString(3, RowKey.shown(of.topic()));
      begin.setString(4, RowKey.shown(group));
      begin.setString(5, RowKey.shown(of.source()));
      begin.setLong(6, of.epoch());
      begin.setString(7, RowKey.shown(of.key()));
      int unused = begin.executeUpdate();
    } catch (SQLException failure) {
      if (!dialect.isDuplicate(failure)) {
        throw failure;
      }
    }
  }

  /** Whose numbers a row counts, for people. */
  record KeyOfSource(String topic, String source, long epoch, String key) {}

  /** Writes down what is known of a key from now on. */
  void save(Transaction transaction, byte[] key, VersionState state) throws SQLException {
    String save = SAVE.formatted(DatabaseTime.millis(transaction.dialect()));
    try (PreparedStatement update = transaction.prepare(save)) {
      update.setLong(1, state.epoch());
      update.setLong(2, state.last());
      update.setString(3, state.without().text());
      update.setLong(4, state.waitsFirst());
      update.setLong(5, state.waitsLast());
      update.setLong(6, state.waitsSince());
      update.setBytes(7, key);
      int unused = update.executeUpdate();
    }
  }

  /** The keys whose next number is waited for, the longest first. */
  List<WaitingKey> waiting(Transaction transaction, int most) throws SQLException {
    List<WaitingKey> waiting = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(WAITING)) {
      select.setBytes(1, groupKey);
      select.setInt(2, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          waiting.add(
              new WaitingKey(
                  HexFormat.of().formatHex(row.getBytes(1)),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7),
                  Instant.ofEpochMilli(row.getLong(8))));
        }
      }
    }
    return List.copyOf(waiting);
  }
}
