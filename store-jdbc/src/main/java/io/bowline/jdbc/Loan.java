// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is borrowed for one transaction, and given back as it was. */
final class Loan {
  private static final Logger log = LoggerFactory.getLogger(Loan.class);

  /** For drivers that do not tell, or cannot be told. */
  private static final int NOT_SET = -1;

  private final Connection connection;
  private final boolean autoCommit;
  private final int isolation;
  private final int timeout;

  private Loan(Connection connection, boolean autoCommit, int isolation, int timeout) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.isolation = isolation;
    this.timeout = timeout;
  }

  /**
   * Makes a connection ready for a transaction.
   *
   * @param kind what the database is; with its isolation if nobody sets it, since to ask for that
   *     costs a round trip
   * @param networkMillis how long its network may be silent
   */
  static Loan of(Connection connection, Transactions.Kind kind, int networkMillis)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    boolean committed = kind.isolation() == Connection.TRANSACTION_READ_COMMITTED;
    boolean once = !committed && kind.dialect() == Dialect.MYSQL;
    int timeout = limit(connection, networkMillis);
    Loan loan =
        new Loan(connection, autoCommit, committed || once ? NOT_SET : kind.isolation(), timeout);
    try {
      if (!committed && !once) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      if (once) {
        committedOnce(connection);
      }
      return loan;
    } catch (SQLException failure) {
      loan.giveBack();
      throw failure;
    }
  }

  /** For the next transaction alone: so nothing is to be set back, which saves a round trip. */
  private static void committedOnce(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("set transaction isolation level read committed");
    }
  }

  private static int limit(Connection connection, int millis) throws SQLException {
    try {
      int before = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, millis);
      return before;
    } catch (SQLFeatureNotSupportedException | AbstractMethodError notThere) {
      return NOT_SET;
    }
  }

  /** Makes it as it was and closes it. What fails here undoes nothing, so it is not thrown. */
  void giveBack() {
    restore();
    try {
      connection.close();
    } catch (SQLException failure) {
      log.debug("A connection could not be closed", failure);
    }
  }

  void restore() {
    try {
      if (autoCommit && !connection.isClosed()) {
        connection.setAutoCommit(true);
      }
      if (isolation != NOT_SET && !connection.isClosed()) {
        connection.setTransactionIsolation(isolation);
      }
      if (timeout != NOT_SET && !connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, timeout);
      }
    } catch (SQLException failure) {
      log.debug("A connection could not be given back as it was", failure);
    }
  }
}
