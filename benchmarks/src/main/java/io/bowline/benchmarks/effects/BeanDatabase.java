// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.effects;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bowline.jdbc.JdbcSchema;
import io.bowline.message.Received;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A bean service's tables, each run's its own, behind a pool as services have it: accounts, and
 * what was deducted. Thread-safe.
 */
public final class BeanDatabase implements AutoCloseable {
  private static final int ACCOUNTS = 10_000;
  private static final byte[] BODY = new byte[100];

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final String accounts = "bench_account_" + run;
  private final String deductions = "bench_deduction_" + run;
  private final String deduct = "update " + accounts + " set beans = beans - 1 where account = ?";
  private final String look = "select beans from " + accounts + " where account = ?";
  private final String note = "insert into " + deductions + " (account, beans) values (?, 1)";
  private final int reads;
  private final HikariDataSource pool;

  /**
   * Makes the tables.
   *
   * @param reads how many selects a transaction has besides
   */
  public BeanDatabase(String address, int connections, int reads) throws SQLException {
    this.reads = reads;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address);
    config.setMaximumPoolSize(connections);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED"); // as stores.md advises
    this.pool = new HikariDataSource(config);
    JdbcSchema.of(pool).create();
    try (Connection connection = pool.getConnection();
        Statement make = connection.createStatement()) {
      make.execute(
          "create table " + accounts + " (account int primary key, beans bigint not null)");
      make.execute("create table " + deductions + " (account int not null, beans int not null)");
      connection.setAutoCommit(false);
      try (PreparedStatement open =
          connection.prepareStatement("insert into " + accounts + " values (?, 1000000)")) {
        for (int account = 0; account < ACCOUNTS; account++) {
          open.setInt(1, account);
          open.addBatch();
        }
        open.executeBatch();
      }
      connection.commit();
    }
  }

  /** Its pool. */
  public DataSource source() {
    return pool;
  }

  /** A name that no other run has. */
  public String group() {
    return "bench-" + run;
  }

  /** A message of 100 bytes. */
  Received message(long number) {
    Received.Origin origin =
        new Received.Origin("bench.deduct", 0, Long.toString(number), run + "-" + number);
    return Received.of(origin, null, Map.of(), BODY);
  }

  /** The business part of a transaction: reads, an update and an insert. */
  public void deduct(Connection connection, long number) throws SQLException {
    int account = Math.floorMod(number * 7919, ACCOUNTS);
    for (int i = 0; i < reads; i++) {
      read(connection, Math.floorMod(account + i, ACCOUNTS));
    }
    try (PreparedStatement update = connection.prepareStatement(deduct)) {
      update.setInt(1, account);
      update.executeUpdate();
    }
    try (PreparedStatement insert = connection.prepareStatement(note)) {
      insert.setInt(1, account);
      insert.executeUpdate();
    }
  }

  private void read(Connection connection, int account) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(look)) {
      select.setInt(1, account);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException("No account " + account);
        }
      }
    }
  }

  /** The whole transaction, by itself. */
  public void transact(long number) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      deduct(connection, number);
      connection.commit();
    }
  }

  @Override
  public void close() {
    try (Connection connection = pool.getConnection();
        Statement drop = connection.createStatement();
        PreparedStatement forget =
            connection.prepareStatement("delete from bowline_inbox where group_name = ?")) {
      drop.execute("drop table " + accounts);
      drop.execute("drop table " + deductions);
      forget.setString(1, group());
      forget.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "The tables of run " + run + " could not be dropped", failure);
    } finally {
      pool.close();
    }
  }
}
