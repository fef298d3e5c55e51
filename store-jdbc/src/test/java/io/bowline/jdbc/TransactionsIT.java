// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class TransactionsIT {
  /** What InnoDB tells of transactions is up to 0.1 s old. */
  private static final long INNODB_LOOKS_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

  private final TestDatabases kind;
  private final DataSource database;
  private final Transactions transactions;
  private final String table = "t" + UUID.randomUUID().toString().replace('-', '_');

  TransactionsIT(TestDatabases kind) {
    this.kind = kind;
    this.database = kind.source();
    this.transactions = new Transactions(database);
  }

  @BeforeEach
  void makeTable() throws SQLException {
    sql("create table " + table + " (id integer not null primary key, n integer not null)");
    sql("insert into " + table + " values (1, 0), (2, 0)");
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private int add(Transaction transaction, int id) throws SQLException {
    String sql = "update " + table + " set n = n + 1 where id = " + id;
    try (PreparedStatement update = transaction.prepare(sql)) {
      return update.executeUpdate();
    }
  }

  private int number(int id) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select n from " + table + " where id = " + id)) {
      assertTrue(row.next());
      return row.getInt(1);
    }
  }

  @Test
  void bowlinesTablesCanBeMade() {
    JdbcSchema schema = JdbcSchema.of(database);
    schema.create();
    schema.create();
    Transactions needing = new Transactions(database, TestDatabases.LANES);
    int answer = needing.run("A test", transaction -> 7);
    assertEquals(7, answer);
  }

  @Test
  void whatIsDoneIsCommitted() throws SQLException {
    int rows = transactions.run("A test", transaction -> add(transaction, 1));
    assertEquals(1, rows);
    assertEquals(1, number(1));
  }

  /** Else the pool that gets it back, or the end of the loan, may commit what is open on it. */
  @Test
  void aConnectionThatCannotBeRolledBackCommitsNothing() throws SQLException {
    FickleSource unwilling = new FickleSource(database);
    unwilling.cannotRollBack = true;
    Transactions broken = new Transactions(unwilling.source());
    JdbcStoreException failure =
        assertThrows(
            JdbcStoreException.class,
            () ->
                broken.run(
                    "A test",
                    transaction -> {
                      int rows = add(transaction, 1);
                      throw new SQLException("after " + rows + " rows");
                    }));
    assertTrue(String.valueOf(failure.getMessage()).contains("after 1 rows"));
    assertEquals(0, number(1));
  }

  @Test
  void whatFailsIsRolledBack() throws SQLException {
    assertThrows(
        ArithmeticException.class,
        () ->
            transactions.run(
                "A test",
                transaction -> {
                  add(transaction, 1);
                  throw new ArithmeticException();
                }));
    assertEquals(0, number(1));
  }

  @Test
  void anErrorSaysWhatAndWhere() {
    JdbcStoreException told =
        assertThrows(
            JdbcStoreException.class,
            () -> transactions.run("A test", t -> t.prepare("nonsense").execute()));
    String said = String.valueOf(told.getMessage());
    assertTrue(said.startsWith("A test at jdbc:"), said);
    assertFalse(said.contains("user="), said);
    assertFalse(told.unknown());
  }

  /** Each of two has what the other one wants next. */
  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    CyclicBarrier bothBegan = new CyclicBarrier(2);
    AtomicInteger begun = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Integer> one = threads.submit(() -> crossing(1, 2, bothBegan, begun));
      Future<Integer> other = threads.submit(() -> crossing(2, 1, bothBegan, begun));
      one.get();
      other.get();
      assertEquals(2, number(1));
      assertEquals(2, number(2));
      assertTrue(begun.get() > 2, "nobody lost");
    } finally {
      threads.shutdownNow();
    }
  }

  private int crossing(int first, int second, CyclicBarrier bothBegan, AtomicInteger begun) {
    return transactions.run(
        "Crossing",
        transaction -> {
          add(transaction, first);
          if (begun.incrementAndGet() <= 2) {
            await(bothBegan);
          }
          return add(transaction, second);
        });
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aConnectionIsGivenBackAsItWas() throws SQLException {
    try (Connection connection = database.getConnection()) {
      int isolation = connection.getTransactionIsolation();
      int timeout = connection.getNetworkTimeout();
      Loan loan = Loan.of(connection, transactions.kind(connection), 1_000);
      assertFalse(connection.getAutoCommit());
      assertEquals("READ COMMITTED", isolation(connection));
      connection.rollback();
      loan.restore();
      assertTrue(connection.getAutoCommit());
      assertEquals(isolation, connection.getTransactionIsolation());
      assertEquals(timeout, connection.getNetworkTimeout());
      connection.setAutoCommit(false);
      assertEquals(
          isolation == Connection.TRANSACTION_READ_COMMITTED ? "READ COMMITTED" : "REPEATABLE READ",
          isolation(connection));
    }
  }

  @Test
  void aConnectionOfAnotherIsolationIsAtReadCommittedMeanwhile() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Transactions fresh = new Transactions(database);
      Loan loan = Loan.of(connection, fresh.kind(connection), 1_000);
      assertEquals("READ COMMITTED", isolation(connection));
      connection.rollback();
      loan.restore();
      connection.setAutoCommit(false);
      assertEquals("REPEATABLE READ", isolation(connection));
    }
  }

  /** That of the transaction at work, as the database itself says. */
  private String isolation(Connection connection) throws SQLException {
    String question =
        switch (kind) {
          case POSTGRESQL -> "select upper(current_setting('transaction_isolation'))";
          case MARIADB ->
              "select trx_isolation_level from information_schema.innodb_trx"
                  + " where trx_mysql_thread_id = connection_id()";
          case H2 ->
              "select isolation_level from information_schema.sessions"
                  + " where session_id = session_id()";
        };
    try (Statement statement = connection.createStatement()) {
      statement.execute("update " + table + " set n = n + 1 where id = 1"); // now there is one
      LockSupport.parkNanos(INNODB_LOOKS_EVERY);
      try (ResultSet row = statement.executeQuery(question)) {
        assertTrue(row.next());
        return row.getString(1);
      }
    }
  }

  @Test
  void aStatementThatWaitsTooLongFails() throws SQLException {
    try (Connection holding = database.getConnection();
        Statement statement = holding.createStatement()) {
      holding.setAutoCommit(false);
      statement.execute("update " + table + " set n = 5 where id = 1");
      JdbcStoreException told =
          assertThrows(
              JdbcStoreException.class,
              () -> transactions.run("Waiting", transaction -> add(transaction, 1)));
      assertFalse(told.unknown(), () -> kind + ": " + told);
      holding.rollback();
    }
    assertEquals(0, number(1));
  }
}
