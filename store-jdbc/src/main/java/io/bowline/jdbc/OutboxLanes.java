// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.outbox.LaneLease;
import io.bowline.outbox.Standing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lanes of an outbox and its relays, in one transaction. Times are the database's. */
final class OutboxLanes {
  /** A relay that was not heard of for so long after its end is forgotten. */
  private static final long FORGOTTEN_AFTER = Duration.ofMinutes(10).toMillis();

  private static final String RENEW_RELAY =
      "update bowline_outbox_relay set alive_until = ? where outbox = ? and relay = ?";
  private static final String FIRST_RELAY =
      "insert into bowline_outbox_relay (alive_until, outbox, relay) values (?, ?, ?)";
  private static final String OLD_RELAYS =
      "delete from bowline_outbox_relay where outbox = ? and alive_until < ?";
  private static final String COUNT_RELAYS =
      "select count(*) from bowline_outbox_relay where outbox = ? and alive_until > ?";
  private static final String NO_RELAY =
      "delete from bowline_outbox_relay where outbox = ? and relay = ?";
  private static final String RENEW =
      "update bowline_outbox_lane set free_at = ? where outbox = ? and owner = ?";
  private static final String ALL =
      "select lane, owner, epoch, free_at from bowline_outbox_lane where outbox = ? order by lane";
  private static final String FIRST =
      "insert into bowline_outbox_lane (outbox, lane, owner, epoch, free_at)"
          + " values (?, ?, '', 0, 0)";
  private static final String TAKE =
      "update bowline_outbox_lane set owner = ?, epoch = epoch + 1, free_at = ?"
          + " where outbox = ? and lane = ? and epoch = ? and free_at <= ?";
  private static final String GIVE =
      "update bowline_outbox_lane set owner = '', free_at = 0"
          + " where outbox = ? and lane = ? and owner = ? and epoch = ?";
  private static final String LEAVE =
      "update bowline_outbox_lane set owner = '', free_at = 0 where outbox = ? and owner = ?";
  private static final String FREE =
      "update bowline_outbox_lane set owner = '', free_at = 0 where outbox = ?";
  private static final String NO_RELAYS = "delete from bowline_outbox_relay where outbox = ?";
  private static final String LOCK_MINE =
      "select lane from bowline_outbox_lane where outbox = ? and owner = ? order by lane"
          + " for update";
  private static final String HOLDERS =
      "select lane, owner, epoch from bowline_outbox_lane where outbox = ? and lane in (%s)"
          + " order by lane for update";
  private static final String HOLDER =
      "select owner, epoch from bowline_outbox_lane where outbox = ? and lane = ? for update";

  private final Transaction transaction;
  private final String outbox;

  OutboxLanes(Transaction transaction, String outbox) {
    this.transaction = transaction;
    this.outbox = outbox;
  }

  private record Lane(int lane, String owner, long epoch, long freeAt) {}

  Standing beat(String relay, Duration lease) throws SQLException {
    long now = DatabaseTime.now(transaction);
    long until = now + lease.toMillis();
    if (update(RENEW_RELAY, until, outbox, relay) == 0) {
      var unused = update(FIRST_RELAY, until, outbox, relay);
      var unused2 = update(OLD_RELAYS, outbox, now - FORGOTTEN_AFTER);
    }
    lockInOrder(relay);
    var unused = update(RENEW, until, outbox, relay);
    List<LaneLease> mine = new ArrayList<>();
    int free = 0;
    for (Lane lane : lanes()) {
      if (lane.owner.equals(relay)) {
        mine.add(new LaneLease(lane.lane, relay, lane.epoch));
      } else if (lane.freeAt <= now) {
        free++;
      }
    }
    return new Standing(mine, (int) number(COUNT_RELAYS, outbox, now), free);
  }

  /** Whoever locks several lanes does so in their order, so that none waits in a circle. */
  private void lockInOrder(String relay) throws SQLException {
    try (PreparedStatement select = set(LOCK_MINE, outbox, relay);
        ResultSet row = select.executeQuery()) {
      boolean unused = row.next();
    }
  }

  private List<Lane> lanes() throws SQLException {
    List<Lane> lanes = read();
    if (lanes.isEmpty()) {
      for (int lane = 0; lane < OutboxTables.LANES; lane++) {
        var unused = update(FIRST, outbox, lane);
      }
      lanes = read();
    }
    return lanes;
  }

  /** Whether a relay ever looked for lanes here. */
  boolean known() throws SQLException {
    return !read().isEmpty();
  }

  private List<Lane> read() throws SQLException {
    List<Lane> lanes = new ArrayList<>();
    try (PreparedStatement select = set(ALL, outbox);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        lanes.add(new Lane(row.getInt(1), row.getString(2), row.getLong(3), row.getLong(4)));
      }
    }
    return lanes;
  }

  /** An epoch that was given must not be forgotten by a crash. */
  List<LaneLease> take(String relay, int most, Duration lease) throws SQLException {
    CommitToDisk.of(transaction);
    long now = DatabaseTime.now(transaction);
    List<LaneLease> taken = new ArrayList<>();
    for (Lane lane : lanes()) {
      if (taken.size() == most) {
        break;
      }
      long until = now + lease.toMillis();
      boolean free = lane.freeAt <= now;
      if (free && update(TAKE, relay, until, outbox, lane.lane, lane.epoch, now) == 1) {
        taken.add(new LaneLease(lane.lane, relay, lane.epoch + 1));
      }
    }
    return taken;
  }

  int giveBack(List<LaneLease> leases) throws SQLException {
    int given = 0;
    for (LaneLease lease : leases) {
      given += update(GIVE, outbox, lease.lane(), lease.relay(), lease.epoch());
    }
    return given;
  }

  int leave(String relay) throws SQLException {
    int free = update(LEAVE, outbox, relay);
    return free + update(NO_RELAY, outbox, relay);
  }

  int freeAll() throws SQLException {
    int relays = update(NO_RELAYS, outbox);
    return relays + update(FREE, outbox);
  }

  /** Whether the lane is still lent like this; if so nobody takes it before the commit. */
  boolean isHeld(LaneLease lease) throws SQLException {
    try (PreparedStatement select = set(HOLDER, outbox, lease.lane());
        ResultSet row = select.executeQuery()) {
      return row.next()
          && row.getString(1).equals(lease.relay())
          && row.getLong(2) == lease.epoch();
    }
  }

  /** Those that are still lent like this; nobody takes them before the commit. */
  Set<LaneLease> held(Set<LaneLease> leases) throws SQLException {
    Set<LaneLease> held = new HashSet<>();
    if (leases.isEmpty()) {
      return held;
    }
    List<Integer> lanes = leases.stream().map(LaneLease::lane).toList();
    try (PreparedStatement select = holders(lanes);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        held.add(new LaneLease(row.getInt(1), row.getString(2), row.getLong(3)));
      }
    }
    held.retainAll(leases);
    return held;
  }

  private PreparedStatement holders(List<Integer> lanes) throws SQLException {
    PreparedStatement select = transaction.prepare(HOLDERS.formatted(IdList.marks(lanes)));
    select.setString(1, outbox);
    IdList.set(select, 1, lanes);
    return select;
  }

  /** Waits for who works in the lane's rows; who comes later waits for this transaction. */
  void lock(int lane) throws SQLException {
    try (PreparedStatement select = set(HOLDER, outbox, lane);
        ResultSet row = select.executeQuery()) {
      boolean unused = row.next();
    }
  }

  private long number(String sql, Object... values) throws SQLException {
    try (PreparedStatement select = set(sql, values);
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = set(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement set(String sql, Object... values) throws SQLException {
    PreparedStatement statement = transaction.prepare(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }
}
