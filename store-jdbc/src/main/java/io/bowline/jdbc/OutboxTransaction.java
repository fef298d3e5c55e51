// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A transaction of the caller's, on a connection of its data source. */
final class OutboxTransaction {
  private OutboxTransaction() {}

  /**
   * Whether one is open.
   *
   * @throws IllegalStateException if the connection commits each statement by itself
   */
  static void required(Connection connection, String outbox) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalStateException(
          "Appending to outbox "
              + outbox
              + " on a connection that commits each statement by itself: open the transaction of"
              + " the business change first, by setAutoCommit(false)");
    }
  }

  /** Commits what the work did, or rolls it back if it throws. */
  static <T> T run(DataSource database, OutboxWork<T> work) throws Exception {
    try (Connection connection = database.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (Throwable failure) {
        Transactions.rollBack(connection, failure);
        throw failure;
      } finally {
        if (!connection.isClosed()) {
          connection.setAutoCommit(autoCommit);
        }
      }
    }
  }
}
