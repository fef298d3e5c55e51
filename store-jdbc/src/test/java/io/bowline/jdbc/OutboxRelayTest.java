// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.outbox.OutboxHealth;
import io.bowline.outbox.OutboxRelay;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Relays between an outbox in H2 and a broker in memory. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class OutboxRelayTest {
  private static final String TOPIC = "beans.deduct";

  private final InMemoryBroker broker = InMemoryBroker.named("outbox-" + UUID.randomUUID());
  private final DataSource database = TestDatabases.h2();
  private final JdbcOutbox outbox = JdbcOutbox.in(database, "trades");
  private final List<OutboxRelay> relays = new ArrayList<>();
  private Bowline bowline;

  @BeforeEach
  void open() {
    JdbcSchema.of(database).create();
    bowline = Bowline.connect(broker.address());
    bowline.admin().ensure(new TopicSpec(TOPIC, 4, List.of("beans")));
  }

  @AfterEach
  void close() {
    relays.forEach(OutboxRelay::close);
    bowline.close();
  }

  private OutboxRelay relay(JdbcOutbox from) {
    OutboxRelay relay =
        OutboxRelay.of(from, bowline.producer("trades")).lease(Duration.ofSeconds(1)).start();
    relays.add(relay);
    return relay;
  }

  private void append(JdbcOutbox to, Message... messages) throws Exception {
    var unused = to.inTransaction(connection -> to.append(connection, List.of(messages)));
  }

  private static Message message(String key, String text) {
    return Message.to(TOPIC).key(key).text(text);
  }

  private List<String> stored() {
    return broker.stored(TOPIC).stream().map(OutboxRelayTest::text).toList();
  }

  private static String text(Outgoing message) {
    return new String(message.body(), UTF_8);
  }

  private void await(String what, int count) throws Exception {
    Patience.until(what, () -> stored().stream().distinct().count() >= count);
  }

  private void awaitEmpty() throws Exception {
    Patience.until("nothing waits", () -> outbox.pending().rows() == 0);
  }

  @Test
  void whatIsCommittedIsSentOnceUnderItsIdAndTakenAway() throws Exception {
    var unused = relay(outbox);
    String id = outbox.inTransaction(connection -> outbox.append(connection, message("k", "1")));
    awaitEmpty();
    assertEquals(List.of(id), broker.stored(TOPIC).stream().map(Outgoing::messageId).toList());
  }

  private void tryTo(String text, boolean fails) throws Exception {
    OutboxWork<String> work =
        connection -> {
          String id = outbox.append(connection, message("k", text));
          if (fails) {
            throw new IllegalStateException("a test");
          }
          return id;
        };
    if (fails) {
      assertThrows(IllegalStateException.class, () -> outbox.inTransaction(work));
    } else {
      var unused = outbox.inTransaction(work);
    }
  }

  @Test
  void whatIsRolledBackIsNeverSent() throws Exception {
    var unused = relay(outbox);
    for (int i = 0; i < 20; i++) {
      tryTo("" + i, i % 10 == 3 || i % 10 == 7);
    }
    awaitEmpty();
    List<String> expected =
        IntStream.range(0, 20)
            .filter(i -> i % 10 != 3 && i % 10 != 7)
            .mapToObj(i -> "" + i)
            .toList();
    assertEquals(expected, stored());
  }

  @Test
  void aCommitWithoutAWakeIsSeenSoon() throws Exception {
    var unused = relay(outbox);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      String unused2 = outbox.append(connection, message("k", "1"));
      connection.commit();
    }
    awaitEmpty();
    assertEquals(List.of("1"), stored());
  }

  @Test
  void commitsInReversedOrderOfIdsAreAllSent() throws Exception {
    var unused = relay(outbox);
    try (Connection slow = database.getConnection();
        Connection quick = database.getConnection()) {
      slow.setAutoCommit(false);
      quick.setAutoCommit(false);
      String unused2 = outbox.append(slow, message("a", "low id"));
      String unused3 = outbox.append(quick, message("b", "high id"));
      quick.commit();
      await("the high id has arrived", 1);
      assertEquals(List.of("high id"), stored());
      slow.commit();
    }
    awaitEmpty();
    assertEquals(List.of("high id", "low id"), stored().stream().sorted().toList());
  }

  @Test
  void eachKeyArrivesInItsOrderThroughSeveralRelaysAndFailures() throws Exception {
    for (int i = 0; i < 3; i++) {
      var unused = relay(outbox);
    }
    for (int i = 0; i < 300; i++) {
      append(outbox, message("k" + i % 7, "" + i), message("m" + i % 11, "x" + i));
      if (i % 50 == 0) {
        broker.cutAfterStoring(3);
        broker.failNext(3, Verdict.UNKNOWN);
      }
    }
    awaitEmpty();
    assertEquals(600, stored().stream().distinct().count());
    firstArrivals().values().forEach(OutboxRelayTest::assertAscending);
  }

  private Map<String, List<Integer>> firstArrivals() {
    Map<String, List<Integer>> arrivals = new LinkedHashMap<>();
    List<String> seen = new ArrayList<>();
    for (Outgoing message : broker.stored(TOPIC)) {
      if (!seen.contains(text(message))) {
        seen.add(text(message));
        arrivals
            .computeIfAbsent(Objects.requireNonNull(message.key()), first -> new ArrayList<>())
            .add(Integer.parseInt(text(message).replace("x", "")));
      }
    }
    return arrivals;
  }

  private static void assertAscending(List<Integer> numbers) {
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  @Test
  void aRefusedMessageParksItsKeyAndNothingElseUntilItIsUnparked() throws Exception {
    broker.limitMessages(2_000);
    JdbcOutbox numbered = outbox.keySequences("trades");
    var unused = relay(numbered);
    String large = "x".repeat(3_000);
    append(numbered, message("k", "1"), message("k", large), message("k", "3"));
    append(numbered, message("other", "4"));
    await("the others have arrived", 2);
    Patience.until("it is parked", () -> outbox.parked(9).size() == 1);
    append(numbered, message("k", "5"), message("other", "6"));
    await("the other key goes on", 3);
    assertEquals(List.of("1", "4", "6"), stored().stream().sorted().toList());
    assertTrue(outbox.parked(9).get(0).reason().contains("REJECTED"));
    broker.limitMessages(10_000);
    assertTrue(numbered.unpark(outbox.parked(9).get(0).token()));
    awaitEmpty();
    List<String> ofKey =
        broker.stored(TOPIC).stream()
            .filter(one -> "k".equals(one.key()))
            .map(OutboxRelayTest::text)
            .toList();
    assertEquals(List.of("1", large, "3", "5"), ofKey);
  }

  @Test
  void numbersOfKeysGoOnThroughRelays() throws Exception {
    JdbcOutbox numbered = outbox.keySequences("trades");
    OutboxRelay first = relay(numbered);
    append(numbered, message("k", "1"), message("k", "2"), message("j", "1"));
    awaitEmpty();
    first.close();
    append(numbered, message("k", "3"));
    var unused = relay(numbered);
    awaitEmpty();
    List<Long> numbers =
        broker.stored(TOPIC).stream()
            .filter(one -> "k".equals(one.key()))
            .map(OutboxRelayTest::number)
            .toList();
    assertEquals(List.of(1L, 2L, 3L), numbers);
  }

  private static long number(Outgoing message) {
    String header = Objects.requireNonNull(message.headers().get(StampCodec.HEADER));
    Stamp stamp = StampCodec.read(header).orElseThrow();
    return stamp.keyNumber().orElseThrow().sequence();
  }

  @Test
  void relaysShareLanesAndOneThatClosesLeavesThemAtOnce() throws Exception {
    OutboxRelay one = relay(outbox);
    Patience.until("it has all lanes", () -> one.lanes() == outbox.lanes());
    OutboxRelay two = relay(outbox);
    Patience.until("they share", () -> one.lanes() == 16 && two.lanes() == 16);
    assertTrue(one.close(Duration.ofMinutes(1)));
    Patience.until("the other one has all", () -> two.lanes() == outbox.lanes());
    assertEquals(OutboxHealth.Status.CLOSED, one.health().status());
    append(outbox, message("k", "1"));
    awaitEmpty();
  }

  @Test
  void whileTheBrokerIsAwayMessagesWaitAndNothingIsLost() throws Exception {
    var unused = relay(outbox);
    broker.kill();
    for (int i = 0; i < 50; i++) {
      append(outbox, message("k" + i % 5, "" + i));
    }
    assertEquals(50, outbox.pending().rows());
    broker.start();
    awaitEmpty();
    assertEquals(50, stored().stream().distinct().count());
    firstArrivals().values().forEach(OutboxRelayTest::assertAscending);
  }

  @Test
  void healthAndFiguresTellWhatWaits() throws Exception {
    SimpleMeterRegistry figures = new SimpleMeterRegistry();
    append(outbox, message("k", "1"));
    broker.kill();
    OutboxRelay relay =
        OutboxRelay.of(outbox, bowline.producer("trades"))
            .warnAfter(Duration.ZERO)
            .metrics(figures)
            .start();
    relays.add(relay);
    Patience.until(
        "it is told",
        () ->
            relay.health().status() == OutboxHealth.Status.DEGRADED
                && relay.health().pending().rows() == 1);
    assertEquals(1.0, figures.get("bowline.outbox.rows").gauge().value());
    broker.start();
    awaitEmpty();
    Patience.until(
        "it is counted", () -> figures.get("bowline.outbox.sent").counter().count() == 1.0);
    relay.close();
    assertFalse(figures.getMeters().stream().anyMatch(m -> m.getId().getName().contains("outbox")));
  }
}
