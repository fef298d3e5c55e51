// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * What becomes of a transaction of an inbox that failed. To do it again from the start is always
 * right, since its first statement tells whether it was committed; so what can be bounded is the
 * number of times. Pure.
 */
enum InboxVerdict {
  /** Roll back, and do it again at once, row and effect. */
  AGAIN,
  /** The message stays, for a time when the database works; no attempt is spent. */
  POSTPONE,
  /** The failure is the handler's, and goes on as it is. */
  THROW;

  /** How often a transaction is begun for one call of the handler. */
  static final int ATTEMPTS = 5;

  /** How long after the first attempt another one may begin: 5 s. */
  static final Duration AGAIN_WITHIN = Duration.ofSeconds(5);

  /**
   * States of a commit that was refused for what the handler did: a constraint that was deferred, a
   * transaction that had failed already.
   */
  private static final Set<String> REFUSED = Set.of("23", "25", "40", "44");

  /** Where it failed. */
  enum Stage {
    /** No connection was to be had. */
    CONNECT,
    /** Before the handler was called. */
    BEFORE,
    /** In the handler. */
    HANDLER,
    /** At the commit: it may have been done. */
    COMMIT
  }

  /**
   * Decides.
   *
   * @param kind what the database's failure says; OTHER if it was none of a database
   * @param attempt which it was, from 1
   * @param since the first attempt's begin
   */
  static InboxVerdict of(Stage stage, SqlFailure kind, int attempt, Duration since) {
    boolean more = attempt < ATTEMPTS && since.compareTo(AGAIN_WITHIN) < 0;
    // A connection may break for a reason that took long to show: once more in any case.
    boolean afterBreak = more || attempt == 1;
    return switch (stage) {
      case CONNECT -> POSTPONE;
      case BEFORE ->
          (kind == SqlFailure.LOST && more) || (kind == SqlFailure.BROKEN && afterBreak)
              ? AGAIN
              : POSTPONE;
      case HANDLER ->
          switch (kind) {
            case LOST -> more ? AGAIN : THROW;
            case BROKEN -> afterBreak ? AGAIN : THROW;
            case UNABLE -> POSTPONE;
            case OTHER -> THROW;
          };
      case COMMIT ->
          switch (kind) {
            case LOST -> more ? AGAIN : THROW;
            case BROKEN -> afterBreak ? AGAIN : POSTPONE;
            case UNABLE -> POSTPONE;
            case OTHER -> THROW;
          };
    };
  }

  /**
   * What a failed commit says. Unless the database refused it for what the handler did, it may have
   * been done: as if the connection had broken.
   */
  static SqlFailure ofCommit(Dialect dialect, SQLException failure) {
    SqlFailure kind = SqlFailure.of(dialect, failure);
    String state = String.valueOf(failure.getSQLState());
    boolean refused = state.length() > 1 && REFUSED.contains(state.substring(0, 2));
    return kind == SqlFailure.OTHER && !refused ? SqlFailure.BROKEN : kind;
  }
}
