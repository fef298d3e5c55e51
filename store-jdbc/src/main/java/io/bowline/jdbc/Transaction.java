// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** What a store does is done through this: its statements end in time. */
final class Transaction {
  private final Connection connection;
  private final Dialect dialect;
  private final int seconds;

  /** Each statement may take {@link Transactions#QUERY_SECONDS}. */
  Transaction(Connection connection, Dialect dialect) {
    this(connection, dialect, Transactions.QUERY_SECONDS);
  }

  /** Each statement may take so many seconds. */
  Transaction(Connection connection, Dialect dialect, int seconds) {
    this.connection = connection;
    this.dialect = dialect;
    this.seconds = seconds;
  }

  Dialect dialect() {
    return dialect;
  }

  /** A statement that fails when its time is over. Whoever asks closes it. */
  PreparedStatement prepare(String sql) throws SQLException {
    return limited(connection.prepareStatement(sql));
  }

  /** The same, for an insert that tells the numbers which the database gave. */
  PreparedStatement prepareForKeys(String sql) throws SQLException {
    return limited(connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS));
  }

  private PreparedStatement limited(PreparedStatement statement) throws SQLException {
    try {
      statement.setQueryTimeout(seconds);
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
