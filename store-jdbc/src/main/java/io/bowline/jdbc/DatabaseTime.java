// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What a database's clock shows, for what several processes must agree on. */
final class DatabaseTime {
  private DatabaseTime() {}

  /** An expression: milliseconds since 1970, whatever the time zone of the session. */
  static String millis(Dialect dialect) {
    return switch (dialect) {
      case POSTGRESQL -> "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
      case MYSQL -> "timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000";
      case H2 -> "cast(extract(epoch from current_timestamp) * 1000 as bigint)";
    };
  }

  /** By the database's clock: no later than this moment, and not before the work began. */
  static long now(Transaction transaction) throws SQLException {
    String question = "select " + millis(transaction.dialect());
    try (PreparedStatement ask = transaction.prepare(question);
        ResultSet answer = ask.executeQuery()) {
      if (!answer.next()) {
        throw new IllegalStateException("The database does not tell its time");
      }
      return answer.getLong(1);
    }
  }
}
