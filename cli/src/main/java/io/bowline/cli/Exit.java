// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.jdbc.JdbcStoreException;
import io.bowline.redis.RedisStoreException;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.sql.SQLException;

/** The exit statuses, for scripts. They never change. */
final class Exit {
  /** All is as it should be, or was done. */
  static final int FINE = 0;

  /** Something was found, or was refused, or was not done. */
  static final int FINDINGS = 1;

  /** The arguments make no sense; nothing was done. */
  static final int USAGE = 2;

  /** The broker or the store was not reached, did not let us in, or did not answer. */
  static final int UNREACHABLE = 3;

  private Exit() {}

  static int of(boolean fine) {
    return fine ? FINE : FINDINGS;
  }

  static int of(Throwable failure) {
    boolean away =
        failure instanceof NotReached
            || failure instanceof RedisStoreException
            || (failure instanceof TransportException broker && broker.verdict() != Verdict.REFUSED)
            || (failure instanceof JdbcStoreException && isOfConnection(failure));
    return away ? UNREACHABLE : FINDINGS;
  }

  /** By the classes of SQL states: 08 is the connection, 28 the login. */
  private static boolean isOfConnection(Throwable failure) {
    String state = failure.getCause() instanceof SQLException sql ? sql.getSQLState() : null;
    return state == null || state.startsWith("08") || state.startsWith("28");
  }
}
