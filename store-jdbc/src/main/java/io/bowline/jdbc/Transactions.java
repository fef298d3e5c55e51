// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work in transactions of its own: takes a connection, READ COMMITTED, commits or rolls back,
 * and gives the connection back as it was. What lost against another transaction, or its connection
 * before the commit, is done again, at most {@value #ATTEMPTS} times in all. A statement has
 * {@value #QUERY_SECONDS} s and the network {@value #NETWORK_SECONDS} s; how long it may take to
 * get a connection is the data source's to bound. Thread-safe.
 */
final class Transactions {
  private static final Logger log = LoggerFactory.getLogger(Transactions.class);

  /** How long a statement may take, in seconds. */
  static final int QUERY_SECONDS = 5;

  /** How long the network may be silent, in seconds: longer, so that a slow statement says so. */
  static final int NETWORK_SECONDS = 8;

  /** How often a transaction is begun that loses against others, or its connection. */
  static final int ATTEMPTS = 5;

  /** How long after the first attempt another one may begin: 5 s. */
  private static final Duration AGAIN_WITHIN = Duration.ofSeconds(5);

  private final DataSource source;
  private final List<JdbcSchema.Table> tables;
  private volatile @Nullable Kind kind;

  /**
   * What a database is, asked for once.
   *
   * @param isolation that of its connections if nobody sets it
   */
  record Kind(Dialect dialect, int isolation, String place) {}

  /** What is done in one transaction; again from the start if it lost against another. */
  interface Work<T> {
    T in(Transaction transaction) throws SQLException;
  }

  /** Transactions that need these tables: they are looked for before the first one. */
  Transactions(DataSource source, JdbcSchema.Table... tables) {
    this.source = source;
    this.tables = List.of(tables);
  }

  /**
   * Does the work and commits it.
   *
   * @param what it is, for an error: {@code "Saving lane 3"}
   * @throws JdbcStoreException if it could not be done, or if nobody knows whether it was
   * @throws IllegalStateException if a table is missing, saying what to run
   * @throws IllegalArgumentException if Bowline does not know the database
   */
  <T> T run(String what, Work<T> work) {
    return run(what, AGAIN_WITHIN, work);
  }

  /**
   * The same for somebody who waits no longer than this: each statement has that long, at least 1 s
   * and at most as usual, and no attempt begins later.
   */
  <T> T run(String what, Duration longest, Work<T> work) {
    long begun = System.nanoTime();
    Duration within = longest.compareTo(AGAIN_WITHIN) < 0 ? longest : AGAIN_WITHIN;
    int seconds = (int) Math.max(1, Math.min(QUERY_SECONDS, within.plusMillis(999).toSeconds()));
    for (int attempt = 1; ; attempt++) {
      Connection connection = connection(what);
      try {
        return once(connection, what, seconds, work);
      } catch (SQLException failure) {
        boolean last = attempt == ATTEMPTS || System.nanoTime() - begun > within.toNanos();
        Kind known = kind;
        if (last || !mayGoWell(failure, known)) {
          throw new JdbcStoreException(
              "%s at %s failed, attempt %d of at most %d: %s"
                  .formatted(what, place(known), attempt, ATTEMPTS, said(failure)),
              failure,
              false);
        }
        log.debug("{} is tried again after attempt {}", what, attempt, failure);
      }
    }
  }

  private Connection connection(String what) {
    try {
      return source.getConnection();
    } catch (SQLException failure) {
      throw new JdbcStoreException(
          "%s failed: the data source gave no connection to %s: %s"
              .formatted(what, place(kind), said(failure)),
          failure,
          false);
    }
  }

  /** A pool may give out connections that broke while nobody looked; nothing is committed yet. */
  private static boolean mayGoWell(SQLException failure, @Nullable Kind known) {
    boolean broken = String.valueOf(failure.getSQLState()).startsWith("08");
    return broken || (known != null && known.dialect.again(failure));
  }

  private static String place(@Nullable Kind known) {
    return known == null ? "the database" : known.place;
  }

  private static String said(SQLException failure) {
    return failure.getMessage() + " (SQLState " + failure.getSQLState() + ")";
  }

  private <T> T once(Connection connection, String what, int seconds, Work<T> work)
      throws SQLException {
    Kind known;
    Loan loan;
    try {
      known = kind(connection);
      loan = Loan.of(connection, known, NETWORK_SECONDS * 1_000);
    } catch (SQLException | RuntimeException failure) {
      close(connection, failure);
      throw failure;
    }
    try {
      T result = work.in(new Transaction(connection, known.dialect, seconds));
      commit(connection, what, known);
      return result;
    } catch (SQLException | RuntimeException failure) {
      rollBack(connection, failure);
      throw failure;
    } finally {
      loan.giveBack();
    }
  }

  /** A commit that fails was not done if the database says so, and may have been otherwise. */
  private static void commit(Connection connection, String what, Kind known) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException failure) {
      if (known.dialect.again(failure)) {
        throw failure;
      }
      throw new JdbcStoreException(
          "%s at %s: the commit got no clear answer, so it may have been done: %s"
              .formatted(what, known.place, said(failure)),
          failure,
          true);
    }
  }

  /**
   * A connection that cannot be rolled back is torn down, and closed as it is, since not all
   * drivers can do the former: to make it as it was might commit what is open on it.
   */
  static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException alsoFailed) {
      failure.addSuppressed(alsoFailed);
      try {
        connection.abort(Runnable::run);
      } catch (SQLException gone) {
        failure.addSuppressed(gone);
      }
      close(connection, failure);
    }
  }

  static void close(Connection connection, Throwable failure) {
    try {
      connection.close();
    } catch (SQLException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  /** What the database is, if it was asked before. */
  @Nullable Kind kind() {
    return kind;
  }

  /** What the database is; at first it is asked, and for the tables too. */
  Kind kind(Connection connection) throws SQLException {
    Kind known = kind;
    if (known == null) {
      Dialect dialect = Dialect.of(connection.getMetaData());
      for (JdbcSchema.Table table : tables) {
        JdbcSchema.check(connection, dialect, table);
      }
      known = new Kind(dialect, connection.getTransactionIsolation(), Place.of(connection));
      kind = known;
    }
    return known;
  }
}
