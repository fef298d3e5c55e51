// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** What a failure of a database says of the transaction in which it came. Pure. */
enum SqlFailure {
  /** It lost against another transaction: serialization failure, deadlock, wait for a lock. */
  LOST,
  /** The connection is gone, or the server is going. */
  BROKEN,
  /** The database cannot write, whatever it is told to: disk full, read-only. */
  UNABLE,
  /** Anything else: it is about the statement. */
  OTHER;

  /** No chain of causes is followed further, since it may be a ring. */
  private static final int DEEPEST = 16;

  /**
   * Of PostgreSQL: idle for too long, shutting down, crashed, starting up; H2: broken, closed,
   * closed already.
   */
  private static final Set<String> GONE =
      Set.of("25P03", "57P01", "57P02", "57P03", "90067", "90098", "90121");

  /** Of MariaDB and MySQL: server shutdown, connection killed. */
  private static final Set<Integer> GONE_CODES = Set.of(1053, 1927);

  /** Read-only transaction, error of input or output of PostgreSQL; H2: the same, and read-only. */
  private static final Set<String> NO_WRITES = Set.of("25006", "58030", "90028", "90031", "90097");

  /**
   * Of MariaDB and MySQL: error writing a file (twice), disk full, out of memory (twice), table
   * full, an option forbids it, read-only transaction, read-only mode, too many connections.
   */
  private static final Set<Integer> NO_WRITES_CODES =
      Set.of(3, 1026, 1021, 1037, 1041, 1114, 1290, 1792, 1836, 1040);

  /** PostgreSQL's states of insufficient resources: disk full, out of memory, connections. */
  private static final String RESOURCES = "53";

  /** What it says in this dialect. */
  static SqlFailure of(Dialect dialect, SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    boolean mysql = dialect == Dialect.MYSQL;
    if (dialect.lost(failure)) {
      return LOST;
    }
    if (GONE.contains(state)
        || (mysql && GONE_CODES.contains(failure.getErrorCode()))
        || isOfConnection(state, failure)) {
      return BROKEN;
    }
    return NO_WRITES.contains(state)
            || state.startsWith(RESOURCES)
            || (mysql && NO_WRITES_CODES.contains(failure.getErrorCode()))
        ? UNABLE
        : OTHER;
  }

  private static boolean isOfConnection(String state, SQLException failure) {
    return state.startsWith("08")
        || failure instanceof SQLRecoverableException
        || failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException;
  }

  /** The failure of a database that this is, or comes from. */
  static Optional<SQLException> in(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException found) {
        return Optional.of(found);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
