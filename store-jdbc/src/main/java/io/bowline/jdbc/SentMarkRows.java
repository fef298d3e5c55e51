// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.report.SentMark;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of marks, within a transaction that has their chain to itself. */
final class SentMarkRows {
  private static final String MARKS = "bowline_sent_mark";
  private static final String RAISE =
      "update "
          + MARKS
          + " set last_number = case when last_number < ? then ? else last_number end"
          + " where chain_key = ? and marked = ?";
  private static final String INSERT =
      "insert into " + MARKS + " (chain_key, marked, last_number) values (?, ?, ?)";

  /** A mark stays if the next one of its chain is young: a report may begin with it. */
  private static final String OLD =
      "select m.chain_key, m.marked from "
          + MARKS
          + " m where m.marked < ? and coalesce((select min(n.marked) from "
          + MARKS
          + " n where n.chain_key = m.chain_key and n.marked > m.marked), ?) < ?"
          + " order by m.marked limit ?";

  private static final String HOLD =
      "select chain_key from bowline_sent_chain where chain_key = ? for update";
  private static final String DROP = "delete from " + MARKS + " where chain_key = ? and marked = ?";
  private static final String DROP_CHAIN =
      "delete from bowline_sent_chain where chain_key = ? and not exists (select 1 from "
          + MARKS
          + " where chain_key = ?)";

  /** Microseconds since 1970, rounded down. */
  static long micros(Instant at) {
    Instant bounded = at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at;
    return ChronoUnit.MICROS.between(Instant.EPOCH, bounded);
  }

  /** Writes marks of one chain; where one is there already the greater number stays. */
  void raise(Transaction transaction, byte[] chain, List<SentMark> marks) throws SQLException {
    Map<Long, Long> greatest = new TreeMap<>();
    marks.forEach(mark -> greatest.merge(micros(mark.at()), mark.number(), Math::max));
    for (Map.Entry<Long, Long> mark : greatest.entrySet()) {
      if (!raised(transaction, chain, mark.getKey(), mark.getValue())) {
        insert(transaction, chain, mark.getKey(), mark.getValue());
      }
    }
  }

  private static boolean raised(Transaction transaction, byte[] chain, long at, long number)
      throws SQLException {
    try (PreparedStatement update = transaction.prepare(RAISE)) {
      update.setLong(1, number);
      update.setLong(2, number);
      update.setBytes(3, chain);
      update.setLong(4, at);
      return update.executeUpdate() > 0;
    }
  }

  private static void insert(Transaction transaction, byte[] chain, long at, long number)
      throws SQLException {
    try (PreparedStatement insert = transaction.prepare(INSERT)) {
      insert.setBytes(1, chain);
      insert.setLong(2, at);
      insert.setLong(3, number);
      insert.executeUpdate();
    }
  }

  /** Drops so many marks of before, and the chains that have none then; returns how many. */
  int drop(Transaction transaction, Duration older, int most) throws SQLException {
    long before = now(transaction) - older.toMillis() * 1_000;
    Map<byte[], List<Long>> old = old(transaction, before, most);
    int dropped = 0;
    for (Map.Entry<byte[], List<Long>> chain : old.entrySet()) {
      hold(transaction, chain.getKey());
      try (PreparedStatement drop = transaction.prepare(DROP)) {
        for (long at : chain.getValue()) {
          drop.setBytes(1, chain.getKey());
          drop.setLong(2, at);
          drop.addBatch();
        }
        drop.executeBatch();
      }
      dropChain(transaction, chain.getKey());
      dropped += chain.getValue().size();
    }
    return dropped;
  }

  private static long now(Transaction transaction) throws SQLException {
    String clock = "select " + DatabaseTime.millis(transaction.dialect());
    try (PreparedStatement select = transaction.prepare(clock);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1) * 1_000;
    }
  }

  private static Map<byte[], List<Long>> old(Transaction transaction, long before, int most)
      throws SQLException {
    Map<byte[], List<Long>> old = new TreeMap<>(Arrays::compare);
    try (PreparedStatement select = transaction.prepare(OLD)) {
      select.setLong(1, before);
      select.setLong(2, Long.MIN_VALUE);
      select.setLong(3, before);
      select.setInt(4, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          old.computeIfAbsent(row.getBytes(1), fresh -> new ArrayList<>()).add(row.getLong(2));
        }
      }
    }
    return old;
  }

  /** From here on nobody adds a mark to it until this transaction ends. */
  private static void hold(Transaction transaction, byte[] chain) throws SQLException {
    try (PreparedStatement hold = transaction.prepare(HOLD)) {
      hold.setBytes(1, chain);
      hold.executeQuery().close();
    }
  }

  private static void dropChain(Transaction transaction, byte[] chain) throws SQLException {
    try (PreparedStatement drop = transaction.prepare(DROP_CHAIN)) {
      drop.setBytes(1, chain);
      drop.setBytes(2, chain);
      drop.executeUpdate();
    }
  }
}
