// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import io.bowline.jdbc.JdbcSchema.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Numbers of a database, for {@code BlockIds}, in one of two ways:
 *
 * <ul>
 *   <li>{@link #counter}, which to prefer: a row of table {@code bowline_id_counter} for each name
 *       counts what was reserved. Numbers begin with 1, and a counter can be read and set.
 *   <li>{@link #autoIncrement}: each row of table {@code bowline_id_high} stands for {@link
 *       #NUMBERS_OF_A_ROW} numbers, and the database numbers the rows. Nobody waits for anybody's
 *       lock.
 * </ul>
 *
 * <p>What is reserved is committed to the disk before it is drawn from. What a database forgets
 * nevertheless, by a failover to a replica that lags behind or by a backup that is put back, may be
 * given twice: set the counter above it. Thread-safe.
 */
public final class JdbcIdBlocks implements IdBlocks {
  /** How many numbers a row of {@link #autoIncrement} stands for, and its largest block: 1,000. */
  public static final int NUMBERS_OF_A_ROW = 1_000;

  private static final Table COUNTERS = new Table("bowline_id_counter", "name, last_number");
  private static final Table HIGHS = new Table("bowline_id_high", "high, made_at");
  private static final String ADD =
      "update bowline_id_counter set last_number = last_number + ? where name = ?";
  private static final String BEGIN =
      "insert into bowline_id_counter (name, last_number) values (?, ?)";
  private static final String LAST = "select last_number from bowline_id_counter where name = ?";
  private static final String NEW_ROW =
      "insert into bowline_id_high (made_at) values (current_timestamp)";
  private static final String OLD_ROWS = "delete from bowline_id_high where high < ?";

  /** After so many rows, older ones are removed. */
  private static final int ROWS_KEPT = 100;

  private final Transactions transactions;
  private final Way way;

  private interface Way {
    IdBlock reserve(Transaction transaction, int most) throws SQLException;
  }

  private JdbcIdBlocks(Transactions transactions, Way way) {
    this.transactions = transactions;
    this.way = way;
  }

  /**
   * Numbers of a counter with this name.
   *
   * @param name up to 64 printable ASCII characters; who uses the same one shares its numbers
   * @throws IllegalArgumentException if that is no name
   */
  public static JdbcIdBlocks counter(DataSource database, String name) {
    String checked = ShortName.checked("a counter", name);
    return new JdbcIdBlocks(
        new Transactions(database, COUNTERS), (tx, most) -> ofCounter(tx, checked, most));
  }

  /** Numbers of rows that the database numbers; all who use the database share them. */
  public static JdbcIdBlocks autoIncrement(DataSource database) {
    return new JdbcIdBlocks(new Transactions(database, HIGHS), JdbcIdBlocks::ofRow);
  }

  @Override
  public IdBlock reserve(int most) {
    return transactions.run(
        "Reserving numbers for ids",
        transaction -> {
          CommitToDisk.of(transaction);
          return way.reserve(transaction, most);
        });
  }

  private static IdBlock ofCounter(Transaction transaction, String name, int most)
      throws SQLException {
    try (PreparedStatement add = transaction.prepare(ADD)) {
      add.setLong(1, most);
      add.setString(2, name);
      if (add.executeUpdate() == 0) {
        begin(transaction, name, most);
      }
    }
    // The row is locked since, so nobody has changed it.
    try (PreparedStatement read = transaction.prepare(LAST)) {
      read.setString(1, name);
      try (ResultSet row = read.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException("The counter " + name + " was removed meanwhile");
        }
        return new IdBlock(row.getLong(1) - most + 1, most);
      }
    }
  }

  /** If another one begins it at the same time, the transaction is done again. */
  private static void begin(Transaction transaction, String name, int most) throws SQLException {
    try (PreparedStatement begin = transaction.prepare(BEGIN)) {
      begin.setString(1, name);
      begin.setLong(2, most);
      var unused = begin.executeUpdate();
    }
  }

  private static IdBlock ofRow(Transaction transaction, int most) throws SQLException {
    long high;
    try (PreparedStatement insert = transaction.prepareForKeys(NEW_ROW)) {
      var unused = insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        if (!keys.next()) {
          throw new IllegalStateException("The database does not tell the number of a new row");
        }
        high = keys.getLong(1);
      }
    }
    if (high % ROWS_KEPT == 0) {
      removeBefore(transaction, high);
    }
    return new IdBlock((high - 1) * NUMBERS_OF_A_ROW + 1, Math.min(most, NUMBERS_OF_A_ROW));
  }

  /** The newest row stays, since there are databases that go on from the greatest one they have. */
  private static void removeBefore(Transaction transaction, long high) throws SQLException {
    try (PreparedStatement delete = transaction.prepare(OLD_ROWS)) {
      delete.setLong(1, high);
      var unused = delete.executeUpdate();
    }
  }
}
