// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.Lanes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The sent messages of an outbox, in one transaction. */
final class SentRows {
  private static final String FILE =
      "insert into bowline_outbox_sent (outbox, lane, line_key, key_number, topic, key_name,"
          + " message_id, message, appended_at, sent_at) select outbox,"
          + " case when lane < 0 then -1 - lane else lane end, line_key, abs(key_number), topic,"
          + " key_name, message_id, message, appended_at, %s from bowline_outbox where id in (%s)";
  static final String OF_KEY =
      "select id, key_number, message_id from bowline_outbox_sent where outbox = ?"
          + " and line_key = ? and lane in (?, ?) and key_number between ? and ?"
          + " order by key_number, id for update";
  static final String OF_ID =
      "select id, key_number, message_id from bowline_outbox_sent where outbox = ?"
          + " and message_id in (%s) order by id for update";
  private static final String WAITING_OF_KEY =
      "select id, abs(key_number), message_id from bowline_outbox where outbox = ?"
          + " and line_key = ? and lane in (?, ?) and abs(key_number) between ? and ? order by id";
  private static final String WAITING_OF_ID =
      "select id, abs(key_number), message_id from bowline_outbox where outbox = ?"
          + " and message_id in (%s) order by id";
  private static final String AGAIN =
      "insert into bowline_outbox (outbox, lane, line_key, key_number, topic, key_name,"
          + " message_id, message, appended_at) select outbox, lane, line_key, -key_number, topic,"
          + " key_name, message_id, message, %s from bowline_outbox_sent where id = ?";
  private static final String REMOVE = "delete from bowline_outbox_sent where id in (%s)";
  static final String OLD =
      "select id from bowline_outbox_sent where outbox = ? and sent_at <= ?"
          + " order by sent_at limit ?";

  private final Transaction transaction;
  private final String outbox;

  SentRows(Transaction transaction, String outbox) {
    this.transaction = transaction;
    this.outbox = outbox;
  }

  private record Row(long id, long number, String messageId) {}

  /** What is looked for, and where. */
  private interface Search {
    List<Row> in(boolean sent) throws SQLException;
  }

  /** Copies rows of the outbox, which are deleted there in the same transaction. */
  void file(List<Long> ids) throws SQLException {
    String now = DatabaseTime.millis(transaction.dialect());
    for (List<Long> some : IdList.parts(ids)) {
      String copy = FILE.formatted(now, IdList.marks(some));
      try (PreparedStatement insert = transaction.prepare(copy)) {
        IdList.set(insert, 0, some);
        var unused = insert.executeUpdate();
      }
    }
  }

  Resent<KeyNumbers> resend(String topic, KeyNumbers numbers) throws SQLException {
    byte[] line = OutboxTables.line(topic, numbers.key());
    Set<Long> left = new TreeSet<>();
    for (long number = numbers.from(); number <= numbers.to(); number++) {
      left.add(number);
    }
    Search search = sent -> ofKey(sent ? OF_KEY : WAITING_OF_KEY, line, numbers);
    List<Row> resent = new ArrayList<>();
    List<Row> waiting = new ArrayList<>();
    look(search, resent, waiting);
    resent.forEach(row -> left.remove(row.number));
    waiting.forEach(row -> left.remove(row.number));
    return new Resent<>(ids(resent), ids(waiting), ranges(numbers.key(), left));
  }

  Resent<String> resend(List<String> messageIds) throws SQLException {
    Set<String> left = new LinkedHashSet<>(messageIds);
    List<Row> resent = new ArrayList<>();
    List<Row> waiting = new ArrayList<>();
    look(sent -> ofIds(sent ? OF_ID : WAITING_OF_ID, messageIds), resent, waiting);
    Set<String> found = new LinkedHashSet<>(ids(resent));
    found.addAll(ids(waiting));
    left.removeIf(id -> found.contains(RowKey.shown(id)));
    return new Resent<>(ids(resent), ids(waiting), List.copyOf(left));
  }

  /**
   * Moves what was sent back into the outbox, and says what waits there anyway. What a relay files
   * away between the two questions is found by the third.
   */
  private void look(Search search, List<Row> resent, List<Row> waiting) throws SQLException {
    List<Row> first = search.in(true);
    List<Row> there = search.in(false);
    moveBack(first);
    resent.addAll(first);
    waiting.addAll(there);
    Set<String> known = new LinkedHashSet<>(ids(there));
    List<Row> late = new ArrayList<>(search.in(true));
    late.removeIf(row -> known.contains(row.messageId));
    moveBack(late);
    resent.addAll(late);
  }

  private static List<String> ids(List<Row> rows) {
    return rows.stream().map(Row::messageId).toList();
  }

  private static List<KeyNumbers> ranges(String key, Collection<Long> ascending) {
    List<KeyNumbers> ranges = new ArrayList<>();
    for (long number : ascending) {
      int last = ranges.size() - 1;
      if (last >= 0 && ranges.get(last).to() == number - 1) {
        ranges.set(last, new KeyNumbers(key, ranges.get(last).from(), number));
      } else {
        ranges.add(new KeyNumbers(key, number, number));
      }
    }
    return ranges;
  }

  private List<Row> ofKey(String sql, byte[] line, KeyNumbers numbers) throws SQLException {
    int lane = Lanes.of(numbers.key(), OutboxTables.LANES);
    try (PreparedStatement select = transaction.prepare(sql)) {
      select.setString(1, outbox);
      select.setBytes(2, line);
      select.setInt(3, lane);
      select.setInt(4, OutboxTables.aside(lane));
      select.setLong(5, numbers.from());
      select.setLong(6, numbers.to());
      return rows(select);
    }
  }

  /** A database may take letters for alike that are not. */
  private List<Row> ofIds(String sql, List<String> messageIds) throws SQLException {
    Set<String> shown = new LinkedHashSet<>();
    messageIds.forEach(id -> shown.add(RowKey.shown(id)));
    List<Row> all = new ArrayList<>();
    for (List<String> some : IdList.parts(List.copyOf(shown))) {
      try (PreparedStatement select = transaction.prepare(sql.formatted(IdList.marks(some)))) {
        select.setString(1, outbox);
        IdList.set(select, 1, some);
        all.addAll(rows(select));
      }
    }
    all.removeIf(row -> !shown.contains(row.messageId));
    return all;
  }

  private static List<Row> rows(PreparedStatement select) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(new Row(row.getLong(1), row.getLong(2), row.getString(3)));
      }
    }
    return rows;
  }

  /** One by one, so that the ids they get are in the order of the list. */
  private void moveBack(List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    String again = AGAIN.formatted(DatabaseTime.millis(transaction.dialect()));
    try (PreparedStatement insert = transaction.prepare(again)) {
      for (Row row : rows) {
        insert.setLong(1, row.id);
        var unused = insert.executeUpdate(); // MariaDB's driver has no batch of such inserts
      }
    }
    remove(rows.stream().map(Row::id).toList());
  }

  private void remove(List<Long> ids) throws SQLException {
    for (List<Long> some : IdList.parts(ids)) {
      try (PreparedStatement delete = transaction.prepare(REMOVE.formatted(IdList.marks(some)))) {
        IdList.set(delete, 0, some);
        var unused = delete.executeUpdate();
      }
    }
  }

  /** Deletes what was sent longer ago, the oldest first, and returns how many. */
  int delete(Duration older, int most) throws SQLException {
    List<Long> old = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OLD)) {
      select.setString(1, outbox);
      select.setLong(2, DatabaseTime.now(transaction) - older.toMillis());
      select.setInt(3, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          old.add(row.getLong(1));
        }
      }
    }
    remove(old);
    return old.size();
  }
}
