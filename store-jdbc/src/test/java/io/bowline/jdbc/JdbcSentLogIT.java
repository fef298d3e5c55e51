// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.testkit.SentLogConformance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What was sent, in a database. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcSentLogIT extends SentLogConformance {
  private static final Duration LONG_AGO = Duration.ofDays(20);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final String topic = "topic-" + UUID.randomUUID();
  private final DataSource database;
  private final JdbcSentLog log;

  JdbcSentLogIT(TestDatabases kind) {
    database = kind.source();
    JdbcSchema.of(database).create();
    log = JdbcSentLog.in(database);
  }

  @Override
  protected SentLog open() {
    return JdbcSentLog.in(database);
  }

  private SentMark mark(String source, long number, Duration ago) {
    return new SentMark(new SentChain(topic, 0, source, 1), number, now.minus(ago));
  }

  private List<Long> all(String source) {
    return log.read(topic, Instant.EPOCH, now.plusSeconds(60)).stream()
        .filter(mark -> mark.chain().source().equals(source))
        .map(SentMark::number)
        .sorted()
        .toList();
  }

  /** All marks of the tests are younger than a day, but for those that are to go. */
  private int drop() {
    return log.drop(Duration.ofDays(10));
  }

  @Test
  void oldMarksAreDroppedInBatchesAndTheLastOfAChainThatGoesOnStays() {
    int before = drop();
    assertTrue(before >= 0);
    List<SentMark> old = new ArrayList<>();
    for (int i = 1; i <= JdbcSentLog.DROPPED_AT_ONCE + 7; i++) {
      old.add(mark("going-on", i, LONG_AGO.minusSeconds(i)));
    }
    log.add(old);
    long last = old.size();
    log.add(List.of(mark("going-on", last + 1, Duration.ofMinutes(1))));
    assertEquals(last - 1, drop());
    assertEquals(List.of(last, last + 1), all("going-on"), "a report begins with the one before");
    assertEquals(0, drop());
  }

  @Test
  void aChainThatIsSilentForLongIsForgottenWhole() throws SQLException {
    log.add(List.of(mark("ended", 1, LONG_AGO.plusSeconds(1)), mark("ended", 2, LONG_AGO)));
    assertEquals(List.of(1L, 2L), all("ended"));
    int dropped = drop();
    assertTrue(dropped >= 2, "dropped: " + dropped);
    assertEquals(List.of(), all("ended"));
    assertEquals(0, chains(), "nothing of it stays");
    log.add(List.of(mark("ended", 3, Duration.ZERO)));
    assertEquals(List.of(3L), all("ended"), "it begins anew");
  }

  private int chains() throws SQLException {
    try (Connection connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select count(*) from bowline_sent_chain where topic_key = ?")) {
      select.setBytes(1, RowKey.of(topic));
      try (ResultSet row = select.executeQuery()) {
        assertTrue(row.next());
        return row.getInt(1);
      }
    }
  }
}
