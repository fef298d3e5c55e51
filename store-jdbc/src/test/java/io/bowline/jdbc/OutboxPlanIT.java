// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How databases read an outbox with many messages: by its index, and not by looking at all. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class OutboxPlanIT {
  private static final int ROWS = 20_000;
  private static final int AT_ONCE = 1_000;

  private final TestDatabases kind;
  private final DataSource database;
  private final String name = "plan-" + UUID.randomUUID();

  OutboxPlanIT(TestDatabases kind) throws Exception {
    this.kind = kind;
    database = kind.source();
    JdbcSchema.of(database).create();
    JdbcOutbox outbox = JdbcOutbox.in(database, name);
    var unused = outbox.beat("relay", Duration.ofMinutes(1));
    for (int from = 0; from < ROWS; from += AT_ONCE) {
      List<Message> some = new ArrayList<>();
      for (int i = from; i < from + AT_ONCE; i++) {
        some.add(Message.to("beans").key("k" + i).text("bean " + i));
      }
      var unused2 = outbox.inTransaction(connection -> outbox.append(connection, some));
    }
    String table = kind == TestDatabases.MARIADB ? "table " : "";
    run("analyze " + table + "bowline_outbox");
  }

  private String run(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? said(statement) : "";
    }
  }

  private static String said(Statement statement) throws SQLException {
    StringBuilder said = new StringBuilder();
    try (ResultSet row = statement.getResultSet()) {
      while (row.next()) {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          said.append(row.getString(i)).append(' ');
        }
        said.append('\n');
      }
    }
    return said.toString().toLowerCase(Locale.ROOT);
  }

  private String plan(String sql, String... values) throws SQLException {
    String filled = sql;
    for (String value : values) {
      filled = filled.replaceFirst("\\?", value);
    }
    return run("explain " + filled);
  }

  private void assertByIndex(String plan) {
    assertTrue(plan.contains("bowline_outbox_next"), () -> kind + ":\n" + plan);
    assertFalse(plan.contains("seq scan on bowline_outbox o"), () -> kind + ":\n" + plan);
    assertFalse(plan.contains("seq scan on bowline_outbox "), () -> kind + ":\n" + plan);
  }

  @Test
  void aLaneIsReadAndLookedIntoByItsIndex() throws SQLException {
    assertByIndex(plan(OutboxRows.READ, "'" + name + "'", "7", "100"));
    assertByIndex(plan(OutboxRows.READY, "'" + name + "'", "'relay'"));
  }
}
