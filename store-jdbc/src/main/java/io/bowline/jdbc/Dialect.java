// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What differs among the databases. */
enum Dialect {
  POSTGRESQL("postgresql"),
  /** MariaDB and MySQL. */
  MYSQL("mysql"),
  H2("h2");

  /** A transaction that lost against another: serialization failure, deadlock. */
  private static final Set<String> LOST = Set.of("40001", "40P01");

  /** Of MariaDB and MySQL: record changed since it was read, lock wait timeout, deadlock. */
  private static final Set<Integer> LOST_CODES = Set.of(1020, 1205, 1213);

  /** MariaDB's and MySQL's code for a key that is there already. */
  private static final int DUPLICATE_ENTRY = 1062;

  /** The time at which a statement, or its transaction, begins, in microseconds. */
  static final String NOW = "current_timestamp(6)";

  /** H2 does not guess the types of parameters in a list of rows. */
  private static final String H2_ROW =
      "cast(? as binary(16)), cast(? as varchar), cast(? as varchar), cast(? as varchar),"
          + " cast(? as bigint)";

  private final String file;

  Dialect(String file) {
    this.file = file;
  }

  /**
   * The dialect of a database.
   *
   * @throws IllegalArgumentException if it is none of those that Bowline knows
   */
  static Dialect of(DatabaseMetaData database) throws SQLException {
    String product = database.getDatabaseProductName();
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "postgresql" -> POSTGRESQL;
      case "mariadb", "mysql" -> MYSQL;
      case "h2" -> H2;
      default ->
          throw new IllegalArgumentException(
              "The database is "
                  + product
                  + ", but Bowline's stores know PostgreSQL, MariaDB, MySQL and H2 only");
    };
  }

  /** The resource with the statements that make Bowline's tables. */
  String schema() {
    return "bowline/schema-" + file + ".sql";
  }

  /** Whether a transaction that failed by this may go well if it is done again from the start. */
  boolean again(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return lost(failure)
        || state.startsWith("23"); // a row that another one inserted meanwhile is there now
  }

  /** Whether a transaction lost against another: serialization failure, deadlock, lock. */
  boolean lost(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return LOST.contains(state)
        || (this == MYSQL && LOST_CODES.contains(failure.getErrorCode()))
        || (this == H2 && state.equals("HYT00"));
  }

  /**
   * Inserts a row, or overwrites the one with these keys. All columns are parameters, in order; but
   * one whose name ends in {@code _at} becomes the database's time.
   */
  String upsert(String table, List<String> keys, List<String> others) {
    List<String> columns = Stream.of(keys, others).flatMap(List::stream).toList();
    String names = String.join(", ", columns);
    String values = columns.stream().map(Dialect::value).collect(Collectors.joining(", "));
    String insert = "insert into " + table + " (" + names + ") values (" + values + ")";
    String key = String.join(", ", keys);
    return switch (this) {
      case POSTGRESQL ->
          insert + " on conflict (" + key + ") do update set " + set(others, "excluded.%s");
      case MYSQL -> insert + " on duplicate key update " + set(others, "values(%s)");
      case H2 ->
          "merge into " + table + " (" + names + ") key (" + key + ") values (" + values + ")";
    };
  }

  /**
   * An insert that leaves a row with this key as it is. On PostgreSQL it inserts nothing then,
   * since a failure would end the whole transaction; on the others it fails with a duplicate.
   */
  String unlessThere(String insert) {
    return this == POSTGRESQL ? insert + " on conflict do nothing" : insert;
  }

  /**
   * Whether a row with this key is there already, and nothing else: another error that is taken for
   * it would be a message lost.
   */
  boolean isDuplicate(SQLException failure) {
    return this == MYSQL
        ? failure.getErrorCode() == DUPLICATE_ENTRY
        : "23505".equals(failure.getSQLState());
  }

  /**
   * Adds to the counters of so many rows of table {@code bowline_key_sequence}, which are made if
   * they are not there, in the order of the parameters. PostgreSQL answers with the keys and
   * counters.
   */
  String count(int rows) {
    String table = "bowline_key_sequence";
    String names = "sequence_key, source, topic, key_name, last_number, drawn_at";
    String row = "(?, ?, ?, ?, ?, " + NOW + ")";
    String values = String.join(", ", Collections.nCopies(rows, row));
    String insert = "insert into " + table + " as t (" + names + ") values " + values;
    return switch (this) {
      case POSTGRESQL ->
          insert
              + " on conflict (sequence_key) do update set last_number = t.last_number"
              + " + excluded.last_number, drawn_at = excluded.drawn_at"
              + " returning sequence_key, last_number";
      case MYSQL ->
          insert.replace(" as t", "")
              + " on duplicate key update last_number = last_number + values(last_number),"
              + " drawn_at = values(drawn_at)";
      case H2 ->
          "merge into "
              + table
              + " t using (values "
              + values.replace("?, ?, ?, ?, ?", H2_ROW)
              + ") s ("
              + names
              + ") on t.sequence_key = s.sequence_key when matched then update set"
              + " last_number = t.last_number + s.last_number, drawn_at = s.drawn_at"
              + " when not matched then insert values (s.sequence_key, s.source, s.topic,"
              + " s.key_name, s.last_number, s.drawn_at)";
    };
  }

  private static String value(String column) {
    return column.endsWith("_at") ? NOW : "?";
  }

  private static String set(List<String> columns, String value) {
    return columns.stream()
        .map(column -> column + " = " + value.formatted(column))
        .collect(Collectors.joining(", "));
  }
}
