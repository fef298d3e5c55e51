// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.jdbc.JdbcSchema.Table;
import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how much sources had sent by when in tables {@code bowline_sent_chain} and {@code
 * bowline_sent_mark}, which {@link JdbcSchema} makes or prints, so that a report compares what was
 * sent by many processes, and before restarts. Times are kept to the microsecond. Marks older than
 * {@link #KEPT} are dropped on the way, {@value #DROPPED_AT_ONCE} at a time; of a chain that goes
 * on the last of those stays, since reports begin with it. Thread-safe.
 *
 * <p>Each method throws a {@link JdbcStoreException} if the database fails, and an
 * IllegalStateException that says what to run if a table is missing. A statement may take 5 s.
 */
public final class JdbcSentLog implements SentLog {
  /** How long marks are kept: 30 days. A chain that is silent for longer begins anew. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** The most marks that are dropped in one transaction: 500. */
  public static final int DROPPED_AT_ONCE = 500;

  /** The most marks that are read at once: 1,000,000. */
  public static final int MOST_READ = 1_000_000;

  /** One call in so many drops old marks. */
  private static final int CALLS_PER_DROP = 64;

  private static final Logger log = LoggerFactory.getLogger(JdbcSentLog.class);
  private static final String CHAINS = "bowline_sent_chain";
  private static final String MARKS = "bowline_sent_mark";
  private static final List<String> CHAIN = List.of("chain_key");
  private static final List<String> OF_CHAIN =
      List.of("topic_key", "topic", "lane", "source", "epoch");
  private static final String READ =
      "select c.lane, c.source, c.epoch, m.marked, m.last_number from "
          + CHAINS
          + " c join "
          + MARKS
          + " m on m.chain_key = c.chain_key where c.topic_key = ? and m.marked <= ?"
          + " and m.marked >= coalesce((select max(b.marked) from "
          + MARKS
          + " b where b.chain_key = c.chain_key and b.marked < ?), ?)";

  private final Transactions transactions;
  private final SentMarkRows rows = new SentMarkRows();

  private JdbcSentLog(DataSource database) {
    transactions =
        new Transactions(
            database,
            new Table(CHAINS, "chain_key, topic_key, topic, lane, source, epoch"),
            new Table(MARKS, "chain_key, marked, last_number"));
  }

  /** A log in this database, which is not asked before the first call. */
  public static JdbcSentLog in(DataSource database) {
    return new JdbcSentLog(database);
  }

  @Override
  public void add(List<SentMark> marks) {
    Map<SentChain, List<SentMark>> byChain = new LinkedHashMap<>();
    for (SentMark mark : marks) {
      byChain.computeIfAbsent(mark.chain(), fresh -> new ArrayList<>()).add(mark);
    }
    var unused =
        transactions.run(
            "Writing down " + marks.size() + " marks of what was sent",
            transaction -> {
              write(transaction, byChain);
              return true;
            });
    if (ThreadLocalRandom.current().nextInt(CALLS_PER_DROP) == 0) {
      dropOnTheWay();
    }
  }

  /** Chains first, in the same order for all: who has written one down has its marks to himself. */
  private void write(Transaction transaction, Map<SentChain, List<SentMark>> byChain)
      throws SQLException {
    List<SentChain> sorted = new ArrayList<>(byChain.keySet());
    sorted.sort((one, other) -> Arrays.compare(key(one), key(other)));
    String upsert = transaction.dialect().upsert(CHAINS, CHAIN, OF_CHAIN);
    try (PreparedStatement write = transaction.prepare(upsert)) {
      for (SentChain chain : sorted) {
        write.setBytes(1, key(chain));
        write.setBytes(2, RowKey.of(chain.topic()));
        write.setString(3, RowKey.shown(chain.topic()));
        write.setInt(4, chain.lane());
        write.setBytes(5, chain.source().getBytes(UTF_8));
        write.setLong(6, chain.epoch());
        write.addBatch();
      }
      write.executeBatch();
    }
    for (SentChain chain : sorted) {
      rows.raise(transaction, key(chain), byChain.getOrDefault(chain, List.of()));
    }
  }

  private static byte[] key(SentChain chain) {
    return RowKey.of(chain.topic(), chain.lane(), chain.source(), chain.epoch());
  }

  /**
   * What was sent; as the interface says.
   *
   * @throws IllegalStateException if that is more than {@link #MOST_READ} marks
   */
  @Override
  public List<SentMark> read(String topic, Instant from, Instant to) {
    return transactions.run(
        "Reading what was sent to " + topic,
        transaction -> {
          try (PreparedStatement select = transaction.prepare(READ)) {
            select.setMaxRows(MOST_READ + 1);
            select.setBytes(1, RowKey.of(topic));
            select.setLong(2, SentMarkRows.micros(to));
            select.setLong(3, SentMarkRows.micros(from));
            select.setLong(4, SentMarkRows.micros(from));
            return marks(select, topic);
          }
        });
  }

  private static List<SentMark> marks(PreparedStatement select, String topic) throws SQLException {
    List<SentMark> marks = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String source = new String(row.getBytes(2), UTF_8);
        SentChain chain = new SentChain(topic, row.getInt(1), source, row.getLong(3));
        Instant at = Instant.EPOCH.plus(row.getLong(4), ChronoUnit.MICROS);
        marks.add(new SentMark(chain, row.getLong(5), at));
      }
    }
    if (marks.size() > MOST_READ) {
      throw new IllegalStateException(
          "More than %,d marks of topic %s are in that time: ask for a shorter one"
              .formatted(MOST_READ, topic));
    }
    return marks;
  }

  private void dropOnTheWay() {
    try {
      int unused = dropOnce(KEPT);
    } catch (JdbcStoreException later) {
      log.debug("Old marks of what was sent stay for now", later);
    }
  }

  /**
   * Drops the marks that are older than this by the database's clock, {@value #DROPPED_AT_ONCE} in
   * a transaction, and returns how many those were. It is done on the way anyway; by this at once,
   * as at night.
   */
  public int drop(Duration older) {
    int all = 0;
    while (true) {
      int dropped = dropOnce(older);
      all += dropped;
      if (dropped < DROPPED_AT_ONCE) {
        return all;
      }
    }
  }

  private int dropOnce(Duration older) {
    return transactions.run(
        "Dropping old marks of what was sent",
        transaction -> rows.drop(transaction, older, DROPPED_AT_ONCE));
  }
}
