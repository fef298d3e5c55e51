// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/**
 * The tables that Bowline keeps things in; their names begin with {@code bowline_}. The statements
 * that make them are in the jar of this module: {@code bowline/schema-postgresql.sql}, {@code
 * schema-mysql.sql} (MariaDB too) and {@code schema-h2.sql}. Each may be run again, and changes
 * nothing that is there: so a file serves as a migration of Flyway or Liquibase as it is. Only what
 * is used needs its tables. Thread-safe.
 */
public final class JdbcSchema {
  private final DataSource database;

  private JdbcSchema(DataSource database) {
    this.database = database;
  }

  /** The tables in this database. Nothing is asked of it yet. */
  public static JdbcSchema of(DataSource database) {
    return new JdbcSchema(database);
  }

  /**
   * The statements that make all tables in this database.
   *
   * @throws JdbcStoreException if the database cannot be asked what it is
   * @throws IllegalArgumentException if it is none that Bowline knows
   */
  public String ddl() {
    try (Connection connection = database.getConnection()) {
      return ddl(Dialect.of(connection.getMetaData()));
    } catch (SQLException failure) {
      throw new JdbcStoreException(
          "Cannot ask the database what it is: " + failure.getMessage(), failure, false);
    }
  }

  /** The statements of a dialect. */
  static String ddl(Dialect dialect) {
    String file = dialect.schema();
    try (InputStream in = JdbcSchema.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("No " + file + " on the class path: is the jar whole?");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** The statements of a text, without comments. */
  static List<String> statements(String ddl) {
    String bare = ddl.replaceAll("--[^\n]*", "");
    return Arrays.stream(bare.split(";")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /**
   * Makes the tables that are not there, in development and tests. In production let a migration do
   * it, with rights that a service need not have.
   *
   * @throws JdbcStoreException if a table cannot be made; those before it may be there then
   * @throws IllegalArgumentException if the database is none that Bowline knows
   */
  public void create() {
    try (Connection connection = database.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements(ddl(Dialect.of(connection.getMetaData())))) {
          statement.execute(sql);
        }
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException failure) {
      throw new JdbcStoreException(
          "Cannot make Bowline's tables: " + failure.getMessage(), failure, false);
    }
  }

  /**
   * Looks whether a table is there, with these columns.
   *
   * @throws IllegalStateException that says what to run, if not
   */
  static void check(Connection connection, Dialect dialect, Table table) throws SQLException {
    String question = "select " + table.columns() + " from " + table.name() + " where 1 = 0";
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery(question).close();
    } catch (SQLException failure) {
      if (!String.valueOf(failure.getSQLState()).startsWith("42")) {
        throw failure; // it says nothing about the table
      }
      throw new IllegalStateException(
          "Table %s with columns %s cannot be read at %s (%s): run the statements of %s, which lies"
                  .formatted(
                      table.name(),
                      table.columns(),
                      Place.of(connection),
                      failure.getMessage(),
                      dialect.schema())
              + " in the jar of bowline-store-jdbc, or, in development,"
              + " JdbcSchema.of(dataSource).create()",
          failure);
    }
  }

  /**
   * A table that a store needs.
   *
   * @param name its name
   * @param columns the columns that the store uses, with commas
   */
  record Table(String name, String columns) {}
}
