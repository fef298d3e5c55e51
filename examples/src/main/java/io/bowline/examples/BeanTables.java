// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.jdbc.JdbcSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The beans of users, and each deduction as a row, in a database. Nothing in these tables keeps an
 * order from being deducted twice, so that it would be seen.
 */
final class BeanTables {
  static final int BEANS_AT_FIRST = 1_000_000;

  private static final String BEANS =
      "create table if not exists beans ("
          + "story varchar(100) not null, user_name varchar(50) not null, beans integer not null,"
          + " primary key (story, user_name))";
  private static final String DEDUCTED =
      "create table if not exists deducted (story varchar(100) not null,"
          + " user_name varchar(50) not null, number integer not null, beans integer not null)";
  private static final String NOTE = "insert into deducted values (?, ?, ?, ?)";
  private static final String DEDUCT =
      "update beans set beans = beans - ? where story = ? and user_name = ?";
  private static final String ALL = "select user_name, number, beans from deducted where story = ?";
  private static final String WRONG =
      "select count(*) from beans b where b.story = ? and b.beans <> ? - coalesce("
          + "(select sum(d.beans) from deducted d"
          + " where d.story = b.story and d.user_name = b.user_name), 0)";

  private final String story;

  /**
   * @param story tells the tables' rows of one story from those of another
   */
  BeanTables(String story) {
    this.story = story;
  }

  /** Makes the tables, those of the inbox too, and gives each user beans. */
  void prepare(DataSource database, int users) throws SQLException {
    JdbcSchema.of(database).create();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(BEANS);
      statement.execute(DEDUCTED);
      giveBeans(connection, users);
    }
  }

  private void giveBeans(Connection connection, int users) throws SQLException {
    try (PreparedStatement user =
        connection.prepareStatement("insert into beans values (?, ?, ?)")) {
      for (int i = 0; i < users; i++) {
        user.setString(1, story);
        user.setString(2, TradeService.user(i));
        user.setInt(3, BEANS_AT_FIRST);
        user.addBatch();
      }
      user.executeBatch();
    }
  }

  /** What the bean service does for an order. */
  void deduct(Order order, Connection connection) throws SQLException {
    try (PreparedStatement note = connection.prepareStatement(NOTE);
        PreparedStatement deduct = connection.prepareStatement(DEDUCT)) {
      note.setString(1, story);
      note.setString(2, order.user());
      note.setInt(3, order.number());
      note.setInt(4, order.beans());
      note.executeUpdate();
      deduct.setInt(1, order.beans());
      deduct.setString(2, story);
      deduct.setString(3, order.user());
      if (deduct.executeUpdate() != 1) {
        throw new IllegalArgumentException("No user has the name " + order.user());
      }
    }
  }

  /** All deductions: an order that was deducted twice is there twice. */
  List<Order> deducted(DataSource database) throws SQLException {
    List<Order> orders = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(ALL)) {
      select.setString(1, story);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          orders.add(new Order(row.getString(1), row.getInt(2), row.getInt(3)));
        }
      }
    }
    return orders;
  }

  /** How many users have more or fewer beans than their deductions say. */
  int wrongBalances(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(WRONG)) {
      select.setString(1, story);
      select.setInt(2, BEANS_AT_FIRST);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }
}
