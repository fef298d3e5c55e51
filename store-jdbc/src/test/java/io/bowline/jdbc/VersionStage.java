// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** A database with a table in which each key has the texts of what took effect, in that order. */
final class VersionStage {
  final String topic;
  final DataSource database;
  final String table;

  VersionStage(DataSource database) throws SQLException {
    this(
        database,
        "beans-" + UUID.randomUUID(),
        "versions_" + UUID.randomUUID().toString().replace('-', '_'));
    JdbcSchema.of(database).create();
    sql("create table " + table + " (k varchar(100) not null primary key, told varchar(4000))");
    sql("insert into " + table + " values ('a', ''), ('b', ''), ('c', '')");
  }

  /** The same, of a table that is there. */
  VersionStage(DataSource database, String topic, String table) {
    this.database = database;
    this.topic = topic;
    this.table = table;
  }

  void sql(String text) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(text);
    }
  }

  Received message(String key, long number) {
    return message(key, 1, new KeyNumber(number, 0, false));
  }

  Received message(String key, long epoch, KeyNumber number) {
    return received(key, Map.of(StampCodec.HEADER, stamp(key, epoch, number)), number.sequence());
  }

  static String stamp(String key, long epoch, KeyNumber number) {
    return StampCodec.write(
        new Stamp(key + number.sequence() + "e" + epoch, "trade", epoch, number));
  }

  Received received(String key, Map<String, String> headers, long number) {
    Origin origin = new Origin(topic, 0, "0", topic + "/0/0");
    return Received.of(origin, key, headers, Long.toString(number).getBytes(UTF_8));
  }

  /** The effect of a message. */
  void apply(Received message, Connection connection) throws SQLException {
    note(connection, message.key().orElseThrow(), message.text());
  }

  void note(Connection connection, String key, String text) throws SQLException {
    String update = "update " + table + " set told = concat(told, ?) where k = ?";
    try (PreparedStatement row = connection.prepareStatement(update)) {
      row.setString(1, text + " ");
      row.setString(2, key);
      assertTrue(row.executeUpdate() == 1);
    }
  }

  /** What took effect: {@code "1 2 3 "}. */
  String told(String key) throws SQLException {
    return text("select told from " + table + " where k = '" + key + "'");
  }

  String text(String question) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  static String upTo(long last) {
    return LongStream.rangeClosed(1, last).mapToObj(n -> n + " ").collect(Collectors.joining());
  }
}
