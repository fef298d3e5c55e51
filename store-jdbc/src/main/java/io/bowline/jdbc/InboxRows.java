// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import io.bowline.message.Received;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The rows of one group's inbox in table {@code bowline_inbox}, one for each message done. */
final class InboxRows {
  static final String NAME = "bowline_inbox";
  static final Table TABLE =
      new Table(NAME, "message_key, group_key, topic, group_name, message_id, done_at");

  private static final String OLD =
      "select message_key from "
          + NAME
          + " where group_key = ? and done_at < ? order by done_at limit ?";
  private static final String DELETE = "delete from " + NAME + " where message_key = ?";

  private final String group;
  private final byte[] groupKey;
  private final String idleMillis;

  /**
   * @param timeout how long a transaction may stand still, where the database can be told
   */
  InboxRows(String group, Duration timeout) {
    this.group = group;
    this.groupKey = RowKey.of(group);
    this.idleMillis = Long.toString(timeout.toMillis());
  }

  /**
   * Inserts a row for each message that has none. A message that another transaction is at work on
   * is waited for: if that one commits it is done, and if it rolls back it is not.
   *
   * @return those that had none, in their order
   */
  List<Received> insert(Transaction transaction, List<Received> messages) throws SQLException {
    List<byte[]> keys = messages.stream().map(this::key).toList();
    boolean[] fresh = new boolean[keys.size()];
    try (PreparedStatement insert = transaction.prepare(sql(transaction.dialect()))) {
      for (int at : RowKey.ascending(keys)) {
        fresh[at] = insert(insert, transaction.dialect(), messages.get(at), keys.get(at));
      }
    }
    return IntStream.range(0, keys.size()).filter(at -> fresh[at]).mapToObj(messages::get).toList();
  }

  private byte[] key(Received message) {
    return RowKey.of(message.topic(), group, message.id());
  }

  /**
   * PostgreSQL is told on the way to end the transaction if the process stands still in its midst:
   * it would hold its locks for ever.
   */
  private static String sql(Dialect dialect) {
    String into = "insert into " + NAME + " (" + TABLE.columns() + ") ";
    String now = DatabaseTime.millis(dialect);
    return dialect == Dialect.POSTGRESQL
        ? into
            + "select ?, ?, ?, ?, ?, "
            + now
            + " where set_config('idle_in_transaction_session_timeout', ?, true) is not null"
            + " on conflict (message_key) do nothing"
        : into + "values (?, ?, ?, ?, ?, " + now + ")";
  }

  private boolean insert(PreparedStatement insert, Dialect dialect, Received message, byte[] key)
      throws SQLException {
    insert.setBytes(1, key);
    insert.setBytes(2, groupKey);
    insert.setString(3, RowKey.shown(message.topic()));
    insert.setString(4, RowKey.shown(group));
    insert.setString(5, RowKey.shown(message.id()));
    if (dialect == Dialect.POSTGRESQL) {
      insert.setString(6, idleMillis);
      return insert.executeUpdate() > 0;
    }
    try {
      return insert.executeUpdate() > 0;
    } catch (SQLException failure) {
      if (dialect.isDuplicate(failure)) {
        return false;
      }
      throw failure;
    }
  }

  /**
   * Deletes rows that are older than this by the database's clock, the oldest first, and returns
   * how many.
   */
  int delete(Transaction transaction, Duration older, int most) throws SQLException {
    List<byte[]> old = old(transaction, older, most);
    try (PreparedStatement delete = transaction.prepare(DELETE)) {
      for (byte[] key : old) {
        delete.setBytes(1, key);
        delete.addBatch();
      }
      delete.executeBatch();
    }
    return old.size();
  }

  private List<byte[]> old(Transaction transaction, Duration older, int most) throws SQLException {
    List<byte[]> old = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OLD)) {
      select.setBytes(1, groupKey);
      select.setLong(2, DatabaseTime.now(transaction) - older.toMillis());
      select.setInt(3, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          old.add(row.getBytes(1));
        }
      }
    }
    return old;
  }
}
