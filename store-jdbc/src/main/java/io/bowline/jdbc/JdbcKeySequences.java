// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.JdbcSchema.Table;
import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Counts the messages of keys in table {@code bowline_key_sequence}, a row for each, which {@link
 * JdbcSchema} makes or prints. A call is one short transaction; who draws for the same key at once
 * waits for its commit, and batches lock their rows in one order. It is committed to the disk
 * before a number is used. Rows are never removed here, since a key that began anew would repeat
 * its numbers. Thread-safe.
 *
 * <p>What a database forgets nevertheless, by a failover to a replica that lags behind or by a
 * backup that is put back, is drawn twice: {@code docs/key-sequences.md} says what to do.
 */
public final class JdbcKeySequences implements KeySequences {
  static final String TABLE = "bowline_key_sequence";
  static final String COLUMNS = "sequence_key, source, topic, key_name, last_number, drawn_at";
  private static final String LAST =
      "select sequence_key, last_number from " + TABLE + " where sequence_key in (%s)";

  private final Transactions transactions;

  /** A row, and how many of its numbers are drawn. */
  private static final class Drawing {
    final SequenceKey key;
    final byte[] row;
    int count;
    long next;

    Drawing(String source, SequenceKey key) {
      this.key = key;
      row = RowKey.of(source, key.topic(), key.key());
    }
  }

  private JdbcKeySequences(DataSource database) {
    transactions = new Transactions(database, new Table(TABLE, COLUMNS));
  }

  /** Sequences in this database, which is not asked before the first call. */
  public static JdbcKeySequences in(DataSource database) {
    return new JdbcKeySequences(database);
  }

  /**
   * Draws numbers; as the interface says.
   *
   * @param longest rounded up to whole seconds, at least one and at most 5, it bounds each
   *     statement; how long the data source may take to give a connection is its own to bound
   * @throws JdbcStoreException if the database fails
   * @throws IllegalStateException that says what to run, if the table is missing
   */
  @Override
  public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
    if (keys.isEmpty()) {
      return List.of();
    }
    return transactions.run(
        "Drawing numbers of " + keys.size() + " keys of source " + source,
        longest,
        transaction -> {
          CommitToDisk.of(transaction);
          return drawn(transaction, source, keys);
        });
  }

  /** The next numbers of these keys, drawn in this transaction, which locks their rows. */
  static List<Long> drawn(Transaction transaction, String source, List<SequenceKey> keys)
      throws SQLException {
    Map<SequenceKey, Drawing> drawings = new LinkedHashMap<>();
    List<Drawing> asked = new ArrayList<>(keys.size());
    for (SequenceKey key : keys) {
      Drawing drawing = drawings.computeIfAbsent(key, fresh -> new Drawing(source, fresh));
      drawing.count++;
      asked.add(drawing);
    }
    // The same order for all, so that two batches with keys in common do not wait in a circle.
    List<Drawing> sorted = new ArrayList<>(drawings.values());
    sorted.sort((one, other) -> Arrays.compare(one.row, other.row));
    boolean unused = draw(transaction, source, sorted);
    return asked.stream().map(drawing -> drawing.next++).toList();
  }

  private static boolean draw(Transaction transaction, String source, List<Drawing> sorted)
      throws SQLException {
    Dialect dialect = transaction.dialect();
    try (PreparedStatement add = transaction.prepare(dialect.count(sorted.size()))) {
      int at = 0;
      for (Drawing drawing : sorted) {
        add.setBytes(++at, drawing.row);
        add.setString(++at, RowKey.shown(source));
        add.setString(++at, RowKey.shown(drawing.key.topic()));
        add.setString(++at, RowKey.shown(drawing.key.key()));
        add.setLong(++at, drawing.count);
      }
      if (dialect == Dialect.POSTGRESQL) {
        try (ResultSet rows = add.executeQuery()) {
          return read(rows, sorted);
        }
      }
      var unused = add.executeUpdate();
    }
    // The rows are locked since, so nobody has changed them.
    return readBack(transaction, sorted);
  }

  private static boolean readBack(Transaction transaction, List<Drawing> sorted)
      throws SQLException {
    String marks = String.join(", ", Collections.nCopies(sorted.size(), "?"));
    try (PreparedStatement select = transaction.prepare(LAST.formatted(marks))) {
      int at = 0;
      for (Drawing drawing : sorted) {
        select.setBytes(++at, drawing.row);
      }
      try (ResultSet rows = select.executeQuery()) {
        return read(rows, sorted);
      }
    }
  }

  private static boolean read(ResultSet rows, List<Drawing> sorted) throws SQLException {
    Map<ByteBuffer, Long> last = new HashMap<>();
    while (rows.next()) {
      last.put(ByteBuffer.wrap(rows.getBytes(1)), rows.getLong(2));
    }
    for (Drawing drawing : sorted) {
      Long counted = last.get(ByteBuffer.wrap(drawing.row));
      if (counted == null) {
        throw new IllegalStateException("The row of key " + drawing.key + " was removed meanwhile");
      }
      drawing.next = counted - drawing.count + 1;
    }
    return true;
  }
}
