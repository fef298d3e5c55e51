// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "commit",
        "COMMIT AND CHAIN",
        "  \n rollback",
        "rollback work",
        "-- all is well\ncommit",
        "/* a */ /* b */ Begin",
        "start transaction",
        "abort",
        "end",
        "set autocommit = 1",
        "set session autocommit=1",
        "set @@autocommit = 1",
        "prepare transaction 'x'"
      })
  void whatEndsATransactionIsSeen(String sql) {
    for (Dialect dialect : Dialect.values()) {
      assertEquals(true, SqlText.endsTransaction(dialect, sql), dialect + ": " + sql);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--",
        "/* commit",
        "select 'commit'",
        "update beans set left_over = 1 -- commit",
        "rollback to savepoint s",
        "rollback work to s",
        "savepoint s",
        "insert into commits values (1)",
        "commits",
        "{call commit_it()}",
        "(select 1)",
        "set search_path to beans",
        "prepare plan as select 1"
      })
  void whatDoesNotIsLeftAlone(String sql) {
    for (Dialect dialect : Dialect.values()) {
      assertEquals(false, SqlText.endsTransaction(dialect, sql), dialect + ": " + sql);
    }
  }

  @ParameterizedTest
  @EnumSource
  void statementsAboutTablesCommitOnTheWayButOnPostgres(Dialect dialect) {
    boolean commits = dialect != Dialect.POSTGRESQL;
    for (String sql : new String[] {"create table t (n int)", "DROP TABLE t", "truncate t"}) {
      assertEquals(commits, SqlText.endsTransaction(dialect, sql), sql);
    }
    assertEquals(
        dialect == Dialect.H2,
        SqlText.endsTransaction(dialect, "create temporary table t (n int)"));
  }

  @Test
  void locksOfTablesCommitOnMariaDb() {
    assertEquals(true, SqlText.endsTransaction(Dialect.MYSQL, "lock tables t write"));
    assertEquals(false, SqlText.endsTransaction(Dialect.POSTGRESQL, "lock table t"));
  }
}
