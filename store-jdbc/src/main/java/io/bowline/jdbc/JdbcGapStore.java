// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainStateCodec;
import io.bowline.gap.GapStore;
import io.bowline.jdbc.JdbcSchema.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Keeps what a group has completed of its chains in tables {@code bowline_gap_lane} and {@code
 * bowline_gap_chain}, which {@link JdbcSchema} makes or prints. Of a lane about {@value
 * #MAX_CHAINS_OF_LANE} chains are kept; the one saved longest ago is forgotten first. A save is one
 * transaction of two round trips and a commit. Thread-safe.
 *
 * <p>Each method throws a {@link JdbcStoreException} if the database fails, and an
 * IllegalStateException that says what to run if a table is missing. A statement may take 5 s; how
 * long the data source may take to hand out a connection is its own to bound, and should be a few
 * seconds too: the consumer waits for it.
 */
public final class JdbcGapStore implements GapStore {
  /** How many chains of a lane are kept: 1,000, and for a while some that came since. */
  public static final int MAX_CHAINS_OF_LANE = 1_000;

  private static final String LANES = "bowline_gap_lane";
  private static final String CHAINS = "bowline_gap_chain";

  /** One save in so many looks whether its lane has too many chains; each claim does. */
  private static final int SAVES_PER_LOOK = 256;

  private static final String LOCK =
      "select claim from " + LANES + " where lane_key = ? for update";
  private static final String FIRST_CLAIM =
      "insert into " + LANES + " (lane_key, topic, group_name, lane, claim) values (?, ?, ?, ?, 1)";
  private static final String NEXT_CLAIM = "update " + LANES + " set claim = ? where lane_key = ?";
  private static final String OF_LANE =
      "select state from " + CHAINS + " where lane_key = ? order by saved_at desc, chain_key";
  private static final String KEYS_OF_LANE =
      "select chain_key from " + CHAINS + " where lane_key = ? order by saved_at desc, chain_key";
  private static final String FORGET =
      "delete from " + CHAINS + " where lane_key = ? and chain_key = ?";
  private static final String OF_GROUP =
      "select l.lane_key, l.lane, c.state from "
          + LANES
          + " l join "
          + CHAINS
          + " c on c.lane_key = l.lane_key where l.topic = ? and l.group_name = ?";

  private static final List<String> KEYS = List.of("lane_key", "chain_key");
  private static final List<String> OTHERS = List.of("source", "epoch", "state", "saved_at");

  private final Transactions transactions;

  private JdbcGapStore(DataSource database) {
    transactions =
        new Transactions(
            database,
            new Table(LANES, "lane_key, topic, group_name, lane, claim"),
            new Table(CHAINS, "lane_key, chain_key, source, epoch, state, saved_at"));
  }

  /** A store in this database, which is not asked before the first call. */
  public static JdbcGapStore in(DataSource database) {
    return new JdbcGapStore(database);
  }

  @Override
  public Claim claim(GroupLane lane) {
    byte[] key = key(lane);
    return transactions.run(
        "Claiming " + lane,
        transaction -> {
          long number = lock(transaction, key) + 1;
          if (number == 1) {
            insert(transaction, lane, key);
          } else {
            raise(transaction, key, number);
          }
          return new Claim(lane, number, chains(transaction, key));
        });
  }

  private static byte[] key(GroupLane lane) {
    return RowKey.of(lane.topic(), lane.group(), lane.lane());
  }

  /** The number of the last claim, or 0; nobody else claims or saves the lane from now on. */
  private static long lock(Transaction transaction, byte[] key) throws SQLException {
    try (PreparedStatement lock = transaction.prepare(LOCK)) {
      lock.setBytes(1, key);
      try (ResultSet row = lock.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** If another one inserts it at the same time, the transaction begins again. */
  private static void insert(Transaction transaction, GroupLane lane, byte[] key)
      throws SQLException {
    try (PreparedStatement insert = transaction.prepare(FIRST_CLAIM)) {
      insert.setBytes(1, key);
      insert.setString(2, RowKey.shown(lane.topic()));
      insert.setString(3, RowKey.shown(lane.group()));
      insert.setInt(4, lane.lane());
      insert.executeUpdate();
    }
  }

  private static void raise(Transaction transaction, byte[] key, long number) throws SQLException {
    try (PreparedStatement update = transaction.prepare(NEXT_CLAIM)) {
      update.setLong(1, number);
      update.setBytes(2, key);
      update.executeUpdate();
    }
  }

  /** Those saved last; older ones are forgotten. */
  private static List<ChainState> chains(Transaction transaction, byte[] key) throws SQLException {
    List<ChainState> chains = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(OF_LANE)) {
      select.setMaxRows(MAX_CHAINS_OF_LANE);
      select.setBytes(1, key);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          chains.add(ChainStateCodec.read(row.getBytes(1)));
        }
      }
    }
    if (chains.size() == MAX_CHAINS_OF_LANE) {
      forgetOldest(transaction, key);
    }
    return chains;
  }

  private static void forget(Transaction transaction, byte[] key, List<byte[]> chains)
      throws SQLException {
    try (PreparedStatement delete = transaction.prepare(FORGET)) {
      for (byte[] chain : chains) {
        delete.setBytes(1, key);
        delete.setBytes(2, chain);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  @Override
  public boolean save(Claim claim, List<ChainState> changed) {
    byte[] key = key(claim.lane());
    return transactions.run(
        "Saving " + claim.lane(),
        transaction -> {
          if (lock(transaction, key) != claim.number()) {
            return false;
          }
          if (!changed.isEmpty()) {
            write(transaction, key, changed);
          }
          if (ThreadLocalRandom.current().nextInt(SAVES_PER_LOOK) == 0) {
            forgetOldest(transaction, key);
          }
          return true;
        });
  }

  private static void write(Transaction transaction, byte[] key, List<ChainState> changed)
      throws SQLException {
    String upsert = transaction.dialect().upsert(CHAINS, KEYS, OTHERS);
    try (PreparedStatement write = transaction.prepare(upsert)) {
      for (ChainState chain : changed) {
        write.setBytes(1, key);
        write.setBytes(2, RowKey.of(chain.source(), chain.epoch()));
        write.setString(3, RowKey.shown(chain.source()));
        write.setLong(4, chain.epoch());
        write.setBytes(5, ChainStateCodec.write(chain));
        write.addBatch();
      }
      write.executeBatch();
    }
  }

  private static void forgetOldest(Transaction transaction, byte[] key) throws SQLException {
    List<byte[]> newestFirst = new ArrayList<>();
    try (PreparedStatement select = transaction.prepare(KEYS_OF_LANE)) {
      select.setBytes(1, key);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          newestFirst.add(row.getBytes(1));
        }
      }
    }
    if (newestFirst.size() > MAX_CHAINS_OF_LANE) {
      forget(transaction, key, newestFirst.subList(MAX_CHAINS_OF_LANE, newestFirst.size()));
    }
  }

  @Override
  public Map<Integer, List<ChainState>> read(String topic, String group) {
    return transactions.run(
        "Reading what group " + group + " has completed of " + topic,
        transaction -> {
          try (PreparedStatement select = transaction.prepare(OF_GROUP)) {
            select.setString(1, RowKey.shown(topic));
            select.setString(2, RowKey.shown(group));
            return lanes(select, topic, group);
          }
        });
  }

  /** The names may be cut, or only look alike to the database: the key decides. */
  private static Map<Integer, List<ChainState>> lanes(
      PreparedStatement select, String topic, String group) throws SQLException {
    Map<Integer, List<ChainState>> lanes = new HashMap<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        int lane = row.getInt(2);
        if (Arrays.equals(row.getBytes(1), RowKey.of(topic, group, lane))) {
          lanes
              .computeIfAbsent(lane, fresh -> new ArrayList<>())
              .add(ChainStateCodec.read(row.getBytes(3)));
        }
      }
    }
    return lanes;
  }
}
