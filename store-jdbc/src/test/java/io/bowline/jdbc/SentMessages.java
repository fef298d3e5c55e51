// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an outbox keeps of what was sent, on whatever database. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
abstract class SentMessages {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String name = "sent-" + UUID.randomUUID();
  private final String topic = "beans." + name;
  private List<LaneLease> leases = List.of();
  private DataSource database;
  private JdbcOutbox bare;
  private JdbcOutbox outbox;

  abstract DataSource source();

  @BeforeEach
  void open() {
    database = source();
    JdbcSchema.of(database).create();
    bare = JdbcOutbox.in(database, name).keySequences("trades");
    outbox = bare.keepSent(Duration.ofDays(1));
  }

  private Message message(String key, String id) {
    return Message.to(topic).key(key).id(id).text("of " + id);
  }

  private void append(String key, String... ids) throws Exception {
    for (String id : ids) {
      var unused = outbox.inTransaction(c -> outbox.append(c, message(key, id)));
    }
  }

  private List<LaneLease> leases() {
    if (leases.isEmpty()) {
      String relay = UUID.randomUUID().toString();
      var unused = outbox.beat(relay, LONG);
      leases = outbox.take(relay, outbox.lanes(), LONG);
    }
    return leases;
  }

  private List<OutboxRow> waiting() {
    List<OutboxRow> rows = new ArrayList<>();
    leases().forEach(lease -> rows.addAll(outbox.read(lease, 10_000, Long.MAX_VALUE)));
    return rows;
  }

  /** As a relay does once the broker has all. */
  private void send(JdbcOutbox by) {
    for (LaneLease lease : leases()) {
      List<OutboxRow> rows = by.read(lease, 10_000, Long.MAX_VALUE);
      assertTrue(by.finish(lease, rows.stream().map(OutboxRow::id).toList()));
    }
  }

  private static List<String> ids(List<OutboxRow> rows) {
    return rows.stream().map(row -> row.message().id().orElseThrow()).toList();
  }

  private static KeyNumbers numbers(long from, long to) {
    return new KeyNumbers("k", from, to);
  }

  @Test
  void aStretchOfAKeyIsSentAgainBehindNewerOnesUnderItsIdsAndNumbers() throws Exception {
    append("k", "1", "2", "3", "4");
    append("other", "5");
    send(outbox);
    append("k", "6");
    Resent<KeyNumbers> answer = outbox.sent().resend(topic, numbers(2, 3));
    assertEquals(new Resent<>(List.of("2", "3"), List.of(), List.of()), answer);
    List<OutboxRow> rows = waiting();
    assertEquals(List.of("6", "2", "3"), ids(rows));
    assertEquals(List.of(5L, 2L, 3L), rows.stream().map(OutboxRow::number).toList());
    assertEquals(List.of(false, true, true), rows.stream().map(OutboxRow::again).toList());
    assertEquals("of 2", new String(rows.get(1).message().body(), UTF_8));
    send(outbox);
    assertEquals(List.of("2"), outbox.sent().resend(topic, numbers(2, 2)).resent(), "kept anew");
  }

  @Test
  void whatIsNotKeptIsToldAndWhatWaitsIsNotSentTwice() throws Exception {
    append("k", "1", "2");
    send(bare);
    append("k", "3");
    send(outbox);
    append("k", "4");
    Resent<KeyNumbers> answer = outbox.sent().resend(topic, numbers(1, 7));
    assertEquals(List.of("3"), answer.resent());
    assertEquals(List.of("4"), answer.waiting());
    assertEquals(List.of(numbers(1, 2), numbers(5, 7)), answer.missing());
    Resent<KeyNumbers> more = outbox.sent().resend(topic, numbers(3, 4));
    assertEquals(new Resent<>(List.of(), List.of("4", "3"), List.of()), more);
    assertEquals(List.of("4", "3"), ids(waiting()));
  }

  @Test
  void messagesAreSentAgainByTheirIdsInTheOrderOfSending() throws Exception {
    String odd = "\u00e4\u4e2d 'quoted' % _ " + "x".repeat(300);
    append("k", "a", odd, "c");
    var unused =
        outbox.inTransaction(c -> outbox.append(c, Message.to(topic).id("no key").text("bean")));
    send(outbox);
    Resent<String> answer = outbox.sent().resend(List.of("c", odd, "A", "nobody", "no key", "c"));
    assertEquals(List.of("A", "nobody"), answer.missing());
    assertEquals(3, answer.resent().size());
    assertEquals(3, waiting().size());
    assertTrue(ids(waiting()).containsAll(List.of(odd, "c", "no key")));
    assertEquals(List.of(), outbox.sent().resend(List.of()).missing());
  }

  @Test
  void aFinishUnderAnEarlierEpochFilesNothingAway() throws Exception {
    append("k", "1");
    LaneLease lane =
        leases().stream()
            .filter(one -> !outbox.read(one, 9, 9).isEmpty())
            .findFirst()
            .orElseThrow();
    List<Long> ids = outbox.read(lane, 9, 9).stream().map(OutboxRow::id).toList();
    outbox.giveBack(List.of(lane));
    assertEquals(false, outbox.finish(lane, ids));
    assertEquals(List.of("1"), outbox.sent().resend(List.of("1")).waiting());
  }

  @Test
  void whatIsSentAgainKeepsItsNumberThroughParking() throws Exception {
    append("k", "1", "2");
    send(outbox);
    append("k", "3");
    var unused = outbox.sent().resend(topic, numbers(1, 1));
    OutboxRow refused = waiting().get(0);
    LaneLease lane =
        leases().stream()
            .filter(one -> !outbox.read(one, 9, 9).isEmpty())
            .findFirst()
            .orElseThrow();
    assertTrue(outbox.park(lane, refused, "a test"));
    assertEquals(List.of(), waiting());
    assertEquals(List.of("3", "1"), outbox.sent().resend(topic, numbers(1, 3)).waiting());
    assertTrue(outbox.unpark(outbox.parked(9).get(0).token()));
    assertEquals(
        List.of(4L, 1L, 2L), waiting().stream().map(OutboxRow::number).toList(), "3 is void");
  }

  @Test
  void whatIsTooOldIsPurgedInPartsAndNoOtherOutbox() throws Exception {
    JdbcOutbox other = JdbcOutbox.in(database, "other-" + name).keepSent(LONG);
    var unused = other.inTransaction(c -> other.append(c, message("k", "theirs")));
    var unused2 = other.beat("relay", LONG);
    for (LaneLease lease : other.take("relay", other.lanes(), LONG)) {
      List<Long> ids = other.read(lease, 9, 999).stream().map(OutboxRow::id).toList();
      assertTrue(other.finish(lease, ids));
    }
    List<Message> many = new ArrayList<>();
    for (int i = 0; i < PurgeThread.ROWS_AT_ONCE + 5; i++) {
      many.add(message("k", "m" + i));
    }
    var unused3 = outbox.inTransaction(c -> outbox.append(c, many));
    send(outbox);
    assertEquals(0, outbox.sent().purge(Duration.ofHours(1)));
    assertEquals(many.size(), outbox.sent().purge(Duration.ZERO));
    assertEquals(List.of("m1"), outbox.sent().resend(List.of("m1")).missing());
    assertEquals(List.of("theirs"), other.sent().resend(List.of("theirs")).resent());
  }

  @Test
  void badQuestionsAreRefused() {
    OutboxLedger sent = outbox.sent();
    assertThrows(IllegalArgumentException.class, () -> sent.resend(topic, numbers(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> sent.resend(topic, numbers(2, 1)));
    assertThrows(IllegalArgumentException.class, () -> sent.resend(topic, numbers(1, 10_001)));
    assertThrows(IllegalArgumentException.class, () -> sent.purge(Duration.ofSeconds(-1)));
    assertThrows(IllegalArgumentException.class, () -> outbox.keepSent(Duration.ZERO));
  }
}
