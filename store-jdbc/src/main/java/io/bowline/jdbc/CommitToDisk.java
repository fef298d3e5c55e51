// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Sees to it that a transaction is on the disk once it is committed, where a session can: what ids
 * are drawn from must not be forgotten by a crash. PostgreSQL can be set not to wait for the disk;
 * this transaction then waits all the same. And a process that stands still in its midst, as a
 * paused machine does, loses it after 5 s: all others wait for the row that it holds.
 */
final class CommitToDisk {
  private static final String WAIT =
      "select set_config('idle_in_transaction_session_timeout', '5000', true),"
          + " case when current_setting('synchronous_commit') = 'off'"
          + " then set_config('synchronous_commit', 'on', true) end";

  private CommitToDisk() {}

  static void of(Transaction transaction) throws SQLException {
    if (transaction.dialect() == Dialect.POSTGRESQL) {
      try (PreparedStatement set = transaction.prepare(WAIT)) {
        boolean unused = set.execute();
      }
    }
  }
}
