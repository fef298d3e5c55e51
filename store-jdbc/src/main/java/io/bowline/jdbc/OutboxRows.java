// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.Pending;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The messages of an outbox, as its relays see them, in one transaction. */
final class OutboxRows {
  static final String READ =
      "select id, key_number, line_key, message, lane from bowline_outbox"
          + " where outbox = ? and lane = ? order by id limit ?";
  private static final String PARKED_ANYWHERE =
      "select line_key from bowline_outbox_parked where outbox = ?";
  private static final String PARKED =
      "select line_key from bowline_outbox_parked where outbox = ? and lane = ?";
  static final String READY =
      "select l.lane from bowline_outbox_lane l where l.outbox = ? and l.owner = ? and exists"
          + " (select 1 from bowline_outbox o where o.outbox = l.outbox and o.lane = l.lane)";
  private static final String DELETE = "delete from bowline_outbox where id in (%s)";
  private static final String MOVE = "update bowline_outbox set lane = ? where id in (%s)";
  private static final String COUNT =
      "select count(*) from (select 1 as one from bowline_outbox where outbox = ? limit ?) x";
  private static final String COUNT_PARKED =
      "select count(*) from bowline_outbox_parked where outbox = ?";
  private static final String OLDEST =
      "select min(x.first_at) from (select (select o.appended_at from bowline_outbox o"
          + " where o.outbox = l.outbox and o.lane = l.lane order by o.id limit 1) as first_at"
          + " from bowline_outbox_lane l where l.outbox = ?) x";

  /** Before any relay came there are no lanes to go by. */
  private static final String OLDEST_WITHOUT_LANES =
      "select appended_at from bowline_outbox where outbox = ? and lane >= 0 order by id limit 1";

  private static final int FETCHED_AT_ONCE = 100;

  private final Transaction transaction;
  private final String outbox;

  OutboxRows(Transaction transaction, String outbox) {
    this.transaction = transaction;
    this.outbox = outbox;
  }

  private record Found(OutboxRow row, ByteBuffer line) {}

  List<OutboxRow> read(LaneLease lease, int most, long bytes) throws SQLException {
    Set<ByteBuffer> parked = parked(lease.lane());
    return unparked(lease, found(lease.lane(), most, bytes), parked);
  }

  /** The first rows of several lanes, by one question; without those that have none. */
  Map<LaneLease, List<OutboxRow>> readFirst(List<LaneLease> leases, int most, long bytes)
      throws SQLException {
    if (leases.isEmpty()) {
      return Map.of();
    }
    Map<Integer, List<Found>> found = foundFirst(leases, most, bytes);
    Map<LaneLease, List<OutboxRow>> first = new LinkedHashMap<>();
    Set<ByteBuffer> parked = found.isEmpty() ? Set.of() : parkedAnywhere();
    for (LaneLease lease : inOrder(leases)) {
      List<Found> all = found.get(lease.lane());
      if (all != null) {
        first.put(lease, unparked(lease, all, parked));
      }
    }
    return first;
  }

  private static List<LaneLease> inOrder(List<LaneLease> leases) {
    return leases.stream().sorted(Comparator.comparing(LaneLease::lane)).toList();
  }

  /** Without those of parked keys, which are put aside. */
  private List<OutboxRow> unparked(LaneLease lease, List<Found> all, Set<ByteBuffer> parked)
      throws SQLException {
    List<OutboxRow> rows = new ArrayList<>();
    List<Found> aside = new ArrayList<>();
    for (Found found : all) {
      if (parked.contains(found.line)) {
        aside.add(found);
      } else {
        rows.add(found.row);
      }
    }
    if (!aside.isEmpty()) {
      putAside(lease, aside);
    }
    return rows;
  }

  private List<Found> found(int lane, int most, long bytes) throws SQLException {
    List<Found> all = new ArrayList<>();
    long size = 0;
    try (PreparedStatement select = transaction.prepare(READ)) {
      select.setFetchSize(FETCHED_AT_ONCE);
      select.setString(1, outbox);
      select.setInt(2, lane);
      select.setInt(3, most);
      try (ResultSet row = select.executeQuery()) {
        while (size < bytes && row.next()) {
          Found one = found(row);
          all.add(one);
          size += one.row.message().body().length;
        }
      }
    }
    return all;
  }

  private static Found found(ResultSet row) throws SQLException {
    Message message = OutboxCodec.decode(row.getBytes(4));
    long number = row.getLong(2);
    OutboxRow one = new OutboxRow(row.getLong(1), Math.abs(number), message, number < 0);
    return new Found(one, ByteBuffer.wrap(row.getBytes(3)));
  }

  /** By lane, in the order of the ids; once there are too many bytes, other lanes have nothing. */
  private Map<Integer, List<Found>> foundFirst(List<LaneLease> leases, int most, long bytes)
      throws SQLException {
    Map<Integer, List<Found>> found = new HashMap<>();
    long size = 0;
    try (PreparedStatement select = first(leases, most);
        ResultSet row = select.executeQuery()) {
      while (size < bytes && row.next()) {
        Found one = found(row);
        found.computeIfAbsent(row.getInt(5), lane -> new ArrayList<>()).add(one);
        size += one.row.message().body().length;
      }
    }
    if (size >= bytes) {
      leases.forEach(lease -> found.putIfAbsent(lease.lane(), List.of()));
    }
    return found;
  }

  private PreparedStatement first(List<LaneLease> leases, int most) throws SQLException {
    int count = IdList.padded(leases);
    PreparedStatement select = transaction.prepare(readFirst(count));
    select.setFetchSize(FETCHED_AT_ONCE);
    for (int i = 0; i < count; i++) {
      select.setString(3 * i + 1, outbox);
      select.setInt(3 * i + 2, i < leases.size() ? leases.get(i).lane() : OutboxTables.NO_LANE);
      select.setInt(3 * i + 3, most);
    }
    return select;
  }

  /** The statement that reads so many lanes. */
  static String readFirst(int lanes) {
    return String.join(" union all ", Collections.nCopies(lanes, "(" + READ + ")"));
  }

  private Set<ByteBuffer> parked(int lane) throws SQLException {
    try (PreparedStatement select = transaction.prepare(PARKED)) {
      select.setString(1, outbox);
      select.setInt(2, lane);
      return lines(select);
    }
  }

  private Set<ByteBuffer> parkedAnywhere() throws SQLException {
    try (PreparedStatement select = transaction.prepare(PARKED_ANYWHERE)) {
      select.setString(1, outbox);
      return lines(select);
    }
  }

  private static Set<ByteBuffer> lines(PreparedStatement select) throws SQLException {
    Set<ByteBuffer> lines = new HashSet<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        lines.add(ByteBuffer.wrap(row.getBytes(1)));
      }
    }
    return lines;
  }

  /** Under the lane's lock, since its key may have been unparked since it was looked at. */
  private void putAside(LaneLease lease, List<Found> aside) throws SQLException {
    if (!new OutboxLanes(transaction, outbox).isHeld(lease)) {
      return;
    }
    Set<ByteBuffer> still = parked(lease.lane());
    List<Long> ids =
        aside.stream().filter(one -> still.contains(one.line)).map(one -> one.row.id()).toList();
    move(ids, OutboxTables.aside(lease.lane()));
  }

  /** Puts rows into another lane. */
  void move(List<Long> ids, int lane) throws SQLException {
    for (List<Long> some : IdList.parts(ids)) {
      try (PreparedStatement update = transaction.prepare(MOVE.formatted(IdList.marks(some)))) {
        update.setInt(1, lane);
        IdList.set(update, 1, some);
        var unused = update.executeUpdate();
      }
    }
  }

  /**
   * Takes away what the broker has of lanes that are still lent like this, and files it away if
   * that is kept.
   *
   * @return the leases that hold no more, of whose rows nothing was changed
   */
  Set<LaneLease> finish(Map<LaneLease, List<Long>> confirmed, boolean kept) throws SQLException {
    Set<LaneLease> held = new OutboxLanes(transaction, outbox).held(confirmed.keySet());
    Set<LaneLease> lost = new HashSet<>();
    List<Long> ids = new ArrayList<>();
    confirmed.forEach(
        (lease, some) -> {
          boolean unused = held.contains(lease) ? ids.addAll(some) : lost.add(lease);
        });
    if (kept && !ids.isEmpty()) {
      new SentRows(transaction, outbox).file(ids);
    }
    delete(ids);
    return lost;
  }

  private void delete(List<Long> ids) throws SQLException {
    for (List<Long> some : IdList.parts(ids)) {
      try (PreparedStatement delete = transaction.prepare(DELETE.formatted(IdList.marks(some)))) {
        IdList.set(delete, 0, some);
        var unused = delete.executeUpdate();
      }
    }
  }

  List<Integer> ready(String relay) throws SQLException {
    List<Integer> lanes = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(READY)) {
      select.setString(1, outbox);
      select.setString(2, relay);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          lanes.add(row.getInt(1));
        }
      }
    }
    return lanes;
  }

  Pending pending() throws SQLException {
    long now = DatabaseTime.now(transaction);
    long oldest = number(OLDEST);
    if (oldest == 0 && !new OutboxLanes(transaction, outbox).known()) {
      oldest = number(OLDEST_WITHOUT_LANES);
    }
    Duration age = oldest == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(0, now - oldest));
    return new Pending(count(Pending.MOST_COUNTED), age, (int) number(COUNT_PARKED));
  }

  private long number(String question) throws SQLException {
    try (PreparedStatement select = transaction.prepare(question)) {
      select.setString(1, outbox);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** How many wait, counted up to so many. */
  long count(long most) throws SQLException {
    try (PreparedStatement select = transaction.prepare(COUNT)) {
      select.setString(1, outbox);
      select.setLong(2, most);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
