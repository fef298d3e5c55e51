// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables, on H2 in memory; on the real databases {@code DatabasesIT} makes them. */
final class SchemaTest {

  /** Who changes a schema writes down in docs/decisions how users come from one to the other. */
  @ParameterizedTest
  @EnumSource
  void theStatementsAreThoseThatUsersRan(Dialect dialect) throws IOException {
    String golden = dialect.schema().replace("bowline/", "golden-");
    try (InputStream in = SchemaTest.class.getClassLoader().getResourceAsStream(golden)) {
      String expected = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      assertEquals(expected, JdbcSchema.ddl(dialect));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStatementMayBeRunAgainAndHasBowlinesPrefix(Dialect dialect) {
    JdbcSchema.statements(JdbcSchema.ddl(dialect))
        .forEach(
            sql ->
                assertTrue(
                    sql.matches("(?s)create (table|index) if not exists bowline_.*"), () -> sql));
  }

  @Test
  void tablesAreMadeOnceAndStay() throws SQLException {
    var database = TestDatabases.h2();
    JdbcSchema schema = JdbcSchema.of(database);
    schema.create();
    schema.create();
    assertEquals(JdbcSchema.ddl(Dialect.H2), schema.ddl());
    try (Connection connection = database.getConnection()) {
      JdbcSchema.check(connection, Dialect.H2, TestDatabases.LANES);
    }
  }

  @Test
  void aMissingTableSaysWhatToRun() {
    Transactions transactions = new Transactions(TestDatabases.h2(), TestDatabases.LANES);
    String said =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> transactions.run("A test", t -> 1))
                .getMessage());
    assertTrue(said.contains("bowline_gap_lane"), said);
    assertTrue(said.contains("bowline/schema-h2.sql"), said);
    assertTrue(said.contains("JdbcSchema.of(dataSource).create()"), said);
  }

  @Test
  void aPlaceHasNoSecrets() {
    assertEquals(
        "jdbc:postgresql://host:5432/db",
        Place.bare("jdbc:postgresql://host:5432/db?user=me&password=secret"));
    assertEquals("jdbc:mariadb://host/db", Place.bare("jdbc:mariadb://me:secret@host/db"));
    assertEquals("jdbc:h2:mem:x", Place.bare("jdbc:h2:mem:x;PASSWORD=secret"));
  }
}
