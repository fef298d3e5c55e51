// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A database with a table of beans: whoever's message it is gets a row, and {@code user-7} pays.
 */
final class InboxStage {
  final String topic = "beans-" + UUID.randomUUID();
  final DataSource database;
  private final String table = "beans_" + UUID.randomUUID().toString().replace('-', '_');

  InboxStage(DataSource database) throws SQLException {
    this.database = database;
    JdbcSchema.of(database).create();
    sql("create table " + table + " (id varchar(100) not null, n integer not null)");
    sql("insert into " + table + " values ('user-7', 0), ('user-8', 0)");
  }

  void sql(String text) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(text);
    }
  }

  Received message(String id) {
    String stamp = StampCodec.write(new Stamp(id, "trade", 1, null));
    Origin origin = new Origin(topic, 0, "0", topic + "/0/0");
    return Received.of(origin, "user-7", Map.of(StampCodec.HEADER, stamp), id.getBytes(UTF_8));
  }

  /** The effect of a message. */
  void deduct(Received message, Connection connection) throws SQLException {
    String insert = "insert into " + table + " values (?, 1)";
    try (PreparedStatement row = connection.prepareStatement(insert)) {
      row.setString(1, message.id());
      int unused = row.executeUpdate();
    }
    pay("user-7", connection);
  }

  void pay(String user, Connection connection) throws SQLException {
    String update = "update " + table + " set n = n + 1 where id = ?";
    try (PreparedStatement row = connection.prepareStatement(update)) {
      row.setString(1, user);
      int unused = row.executeUpdate();
    }
  }

  /** How often a message took effect. */
  int effects(String id) throws SQLException {
    return count("select count(*) from " + table + " where id = '" + id + "'");
  }

  int paid(String user) throws SQLException {
    return count("select n from " + table + " where id = '" + user + "'");
  }

  int remembered() throws SQLException {
    return count("select count(*) from bowline_inbox where topic = '" + topic + "'");
  }

  int count(String question) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      assertTrue(row.next());
      return row.getInt(1);
    }
  }
}
