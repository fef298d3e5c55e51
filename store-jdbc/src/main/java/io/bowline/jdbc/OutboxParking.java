// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.Parked;
import io.bowline.sequence.SequenceKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parked keys of an outbox, in one transaction. */
final class OutboxParking {
  /** The most characters of a reason. */
  private static final int REASON = 1_000;

  private static final String IS_PARKED =
      "select lane from bowline_outbox_parked where outbox = ? and line_key = ?";
  private static final String PARK =
      "insert into bowline_outbox_parked (outbox, line_key, lane, topic, key_name, message_id,"
          + " reason, parked_at) values (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String ALL =
      "select line_key, topic, key_name, message_id, reason, parked_at from bowline_outbox_parked"
          + " where outbox = ? order by parked_at limit ?";
  private static final String UNPARK =
      "delete from bowline_outbox_parked where outbox = ? and line_key = ?";
  private static final String BACK =
      "update bowline_outbox set lane = ? where outbox = ? and lane = ? and line_key = ?";
  private static final String OF_KEY =
      "select id, message from bowline_outbox where outbox = ? and lane = ? and line_key = ?"
          + " and key_number >= 0 order by id";
  private static final String NUMBERED =
      "select count(*) from bowline_outbox where outbox = ? and lane = ? and line_key = ?"
          + " and key_number > 0";
  private static final String NUMBER = "update bowline_outbox set key_number = ? where id = ?";

  private final Transaction transaction;
  private final String outbox;

  OutboxParking(Transaction transaction, String outbox) {
    this.transaction = transaction;
    this.outbox = outbox;
  }

  /**
   * Parks; other rows of the key are put aside as they are read.
   *
   * @return false, and nothing is changed, if the lane is lent like this no more
   */
  boolean park(LaneLease lease, OutboxRow row, String reason) throws SQLException {
    boolean held = new OutboxLanes(transaction, outbox).isHeld(lease);
    if (held) {
      put(lease, row, reason);
    }
    return held;
  }

  private void put(LaneLease lease, OutboxRow row, String reason) throws SQLException {
    Message message = row.message();
    byte[] line = OutboxTables.line(message);
    if (laneOf(line) == null) {
      insert(line, lease.lane(), message, reason);
    }
    new OutboxRows(transaction, outbox).move(List.of(row.id()), OutboxTables.aside(lease.lane()));
  }

  /**
   * Parks a key of which nothing is refused; its rows are put aside as they are read.
   *
   * @return false if it is parked already
   */
  boolean park(String topic, String key, String reason) throws SQLException {
    Message none = Message.to(topic).key(key);
    byte[] line = OutboxTables.line(topic, key);
    int lane = Lanes.of(key, OutboxTables.LANES);
    new OutboxLanes(transaction, outbox).lock(lane); // as relays do that park
    boolean free = laneOf(line) == null;
    if (free) {
      insert(line, lane, none, reason);
    }
    return free;
  }

  private void insert(byte[] line, int lane, Message message, String reason) throws SQLException {
    try (PreparedStatement insert = transaction.prepare(PARK)) {
      insert.setString(1, outbox);
      insert.setBytes(2, line);
      insert.setInt(3, lane);
      insert.setString(4, RowKey.shown(message.topic()));
      insert.setString(5, RowKey.shown(message.key().orElse("")));
      insert.setString(6, RowKey.shown(message.id().orElse("")));
      insert.setString(7, cut(reason));
      insert.setLong(8, DatabaseTime.now(transaction));
      var unused = insert.executeUpdate();
    }
  }

  private static String cut(String reason) {
    int end =
        reason.offsetByCodePoints(
            0, Math.min(REASON / 2, reason.codePointCount(0, reason.length())));
    return reason.substring(0, end).replace('\0', '?');
  }

  private @Nullable Integer laneOf(byte[] line) throws SQLException {
    try (PreparedStatement select = transaction.prepare(IS_PARKED)) {
      select.setString(1, outbox);
      select.setBytes(2, line);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getInt(1) : null;
      }
    }
  }

  List<Parked> parked(int most) throws SQLException {
    List<Parked> all = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(ALL)) {
      select.setString(1, outbox);
      select.setInt(2, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          all.add(
              new Parked(
                  HexFormat.of().formatHex(row.getBytes(1)),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  Instant.ofEpochMilli(row.getLong(6))));
        }
      }
    }
    return all;
  }

  /**
   * Lets a key be sent again.
   *
   * @param source whose numbers are drawn anew for all of the key, since the refused one is voided,
   *     and none is given twice; null for none
   */
  boolean unpark(byte[] line, @Nullable String source) throws SQLException {
    Integer lane = laneOf(line);
    if (lane == null) {
      return false;
    }
    // Whoever reads the lane puts nothing of the key aside from here on.
    new OutboxLanes(transaction, outbox).lock(lane);
    try (PreparedStatement delete = transaction.prepare(UNPARK)) {
      delete.setString(1, outbox);
      delete.setBytes(2, line);
      if (delete.executeUpdate() == 0) {
        return false; // another one was faster
      }
    }
    try (PreparedStatement back = transaction.prepare(BACK)) {
      back.setInt(1, lane);
      back.setString(2, outbox);
      back.setInt(3, OutboxTables.aside(lane));
      back.setBytes(4, line);
      var unused = back.executeUpdate();
    }
    if (source != null) {
      number(lane, line, source);
    } else {
      refuseNumbers(lane, line);
    }
    return true;
  }

  /** Their numbers are older than what was voided of the key: nobody would ask for them. */
  private void refuseNumbers(int lane, byte[] line) throws SQLException {
    try (PreparedStatement select = transaction.prepare(NUMBERED)) {
      select.setString(1, outbox);
      select.setInt(2, lane);
      select.setBytes(3, line);
      try (ResultSet row = select.executeQuery()) {
        if (row.next() && row.getLong(1) > 0) {
          throw new IllegalStateException(
              "Unparking a key of outbox %s, whose %d messages have numbers: say of which source, as its relays do (keySequences)"
                  .formatted(outbox, row.getLong(1)));
        }
      }
    }
  }

  private record Row(long id, Message message) {}

  /**
   * The counter first: who appends to the key waits, and all that was appended is seen. What was
   * sent before under its number keeps it.
   */
  private void number(int lane, byte[] line, String source) throws SQLException {
    List<Row> before = ofKey(lane, line);
    if (before.isEmpty() || before.get(0).message.key().isEmpty()) {
      return;
    }
    Message one = before.get(0).message;
    SequenceKey key = new SequenceKey(one.topic(), one.key().orElseThrow());
    List<Long> lock = JdbcKeySequences.drawn(transaction, source, List.of(key));
    List<Row> rows = ofKey(lane, line);
    List<Long> numbers = new ArrayList<>(lock);
    if (rows.size() > 1) {
      var more = Collections.nCopies(rows.size() - 1, key);
      numbers.addAll(JdbcKeySequences.drawn(transaction, source, more));
    }
    try (PreparedStatement update = transaction.prepare(NUMBER)) {
      for (int i = 0; i < rows.size(); i++) {
        update.setLong(1, numbers.get(i));
        update.setLong(2, rows.get(i).id);
        update.addBatch();
      }
      var unused = update.executeBatch();
    }
  }

  private List<Row> ofKey(int lane, byte[] line) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OF_KEY)) {
      select.setString(1, outbox);
      select.setInt(2, lane);
      select.setBytes(3, line);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(new Row(row.getLong(1), OutboxCodec.decode(row.getBytes(2))));
        }
      }
    }
    return rows;
  }
}
