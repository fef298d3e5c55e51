// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.jdbc.JdbcSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The trades of users, in a database that has an outbox too. */
final class TradeTable {
  private static final String TRADES =
      "create table if not exists trades (story varchar(100) not null,"
          + " user_name varchar(50) not null, number integer not null, beans integer not null)";
  private static final String INSERT = "insert into trades values (?, ?, ?, ?)";

  private final String story;

  /**
   * @param story tells the rows of one story from those of another
   */
  TradeTable(String story) {
    this.story = story;
  }

  /** Makes the table, and those of the outbox. */
  static void prepare(DataSource database) throws SQLException {
    JdbcSchema.of(database).create();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TRADES);
    }
  }

  void insert(Order order, Connection connection) throws SQLException {
    try (PreparedStatement row = connection.prepareStatement(INSERT)) {
      row.setString(1, story);
      row.setString(2, order.user());
      row.setInt(3, order.number());
      row.setInt(4, order.beans());
      row.executeUpdate();
    }
  }
}
