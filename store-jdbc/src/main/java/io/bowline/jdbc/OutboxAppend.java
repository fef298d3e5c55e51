// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.sequence.SequenceKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes messages into an outbox, in a transaction of somebody else. */
final class OutboxAppend {
  private static final String INSERT =
      "insert into bowline_outbox (outbox, lane, line_key, key_number, topic, key_name, message_id,"
          + " message, appended_at) values (?, ?, ?, ?, ?, ?, ?, ?, %s)";

  private final Transaction transaction;
  private final String outbox;

  OutboxAppend(Transaction transaction, String outbox) {
    this.transaction = transaction;
    this.outbox = outbox;
  }

  /**
   * Appends messages that have ids.
   *
   * @param source whose numbers are drawn for those with a key, before a row has its id: so of one
   *     key the order of ids is that of commits; null for none
   */
  void append(List<Message> messages, @Nullable String source) throws SQLException {
    Iterator<Long> numbers = numbers(messages, source).iterator();
    String insert = INSERT.formatted(DatabaseTime.millis(transaction.dialect()));
    try (PreparedStatement row = transaction.prepare(insert)) {
      for (Message message : messages) {
        boolean numbered = source != null && message.key().isPresent();
        set(row, message, numbered ? numbers.next() : 0);
        if (messages.size() == 1) {
          var unused = row.executeUpdate();
        } else {
          row.addBatch();
        }
      }
      if (messages.size() > 1) {
        var unused = row.executeBatch();
      }
    }
  }

  private List<Long> numbers(List<Message> messages, @Nullable String source) throws SQLException {
    List<SequenceKey> keys = new ArrayList<>();
    if (source != null) {
      for (Message message : messages) {
        message.key().ifPresent(key -> keys.add(new SequenceKey(message.topic(), key)));
      }
    }
    return source == null || keys.isEmpty() ? List.of() : drawn(source, keys);
  }

  /**
   * Two transactions that are the first of a key both insert its counter. The later one waits, and
   * goes on from there; on H2 it fails instead, that statement alone, and finds the row then.
   */
  private List<Long> drawn(String source, List<SequenceKey> keys) throws SQLException {
    Dialect dialect = transaction.dialect();
    for (int attempt = 1; ; attempt++) {
      try {
        return JdbcKeySequences.drawn(transaction, source, keys);
      } catch (SQLException failure) {
        boolean again = dialect == Dialect.H2 && dialect.isDuplicate(failure);
        if (!again || attempt == Transactions.ATTEMPTS) {
          throw failure;
        }
      }
    }
  }

  private void set(PreparedStatement row, Message message, long number) throws SQLException {
    String id = message.id().orElseThrow();
    row.setString(1, outbox);
    row.setInt(2, Lanes.of(message.key().orElse(id), OutboxTables.LANES));
    row.setBytes(3, OutboxTables.line(message));
    row.setLong(4, number);
    row.setString(5, RowKey.shown(message.topic()));
    row.setString(6, RowKey.shown(message.key().orElse("")));
    row.setString(7, RowKey.shown(id));
    row.setBytes(8, OutboxCodec.encode(message));
  }
}
