// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.OutOfTurn;
import io.bowline.consumer.Postponed;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.producer.ReliableProducer;
import io.bowline.replay.ReplayBuilder;
import io.bowline.replay.ReplayReport;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.testkit.memory.MemoryTransportProvider;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version guard in H2, with and without a consumer. */
@Timeout(60)
final class JdbcVersionGuardTest {
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());
  private static final int MESSAGES = 40;

  private final String broker = "versions-" + UUID.randomUUID();
  private VersionStage stage;

  @BeforeEach
  void open() throws SQLException {
    stage = new VersionStage(TestDatabases.h2());
  }

  private JdbcVersionGuardBuilder guard() {
    return JdbcVersionGuard.in(stage.database, "billing");
  }

  /** Of the keys a, b and c in one lane, some twice, each up to eight places from its own. */
  private List<Outgoing> disordered() {
    Random random = new Random(SEED);
    List<Outgoing> all = new ArrayList<>();
    for (int number = 1; number <= MESSAGES; number++) {
      for (String key : List.of("a", "b", "c")) {
        String stamp = VersionStage.stamp(key, 1, new KeyNumber(number, 0, false));
        byte[] body = Integer.toString(number).getBytes(UTF_8);
        Map<String, String> headers = Map.of(StampCodec.HEADER, stamp);
        Outgoing message = new Outgoing(key + number, stage.topic, 0, key, headers, body);
        all.add(message);
        if (random.nextInt(4) == 0) {
          all.add(message);
        }
      }
    }
    for (int from = 0; from < all.size(); from += 24) {
      Collections.shuffle(all.subList(from, Math.min(all.size(), from + 24)), random);
    }
    return all;
  }

  @Test
  void aStreamInNoOrderTakesEffectOnceAndInOrder() throws Exception {
    List<Outgoing> stream = disordered();
    try (Bowline bowline = Bowline.connect("memory://" + broker);
        Transport transport =
            new MemoryTransportProvider()
                .open(TransportConfig.of(BrokerAddress.parse("memory://" + broker)))) {
      bowline.admin().ensure(TopicSpec.of(stage.topic).lanes(1).groups("billing"));
      bowline.admin().ensure(TopicSpec.of("dead"));
      ReliableConsumer consumer = member(bowline, guard(), stage::apply);
      for (Outgoing message : stream) {
        var unused = transport.send(message).join();
      }
      Patience.until(
          "all are acknowledged",
          () -> InMemoryBroker.named(broker).unaccepted(stage.topic, "billing") == 0);
      assertEquals(List.of(), InMemoryBroker.named(broker).stored("dead"));
      consumer.close();
    }
    for (String key : List.of("a", "b", "c")) {
      assertEquals(VersionStage.upTo(MESSAGES), stage.told(key), "seed " + SEED);
    }
  }

  /** The second cannot be handled at first, so those behind it go after it, and come back. */
  @Test
  void whatDiedAndWhatWaitedForItInVainTakeEffectInOrderByAReplay() throws Exception {
    InMemoryBroker memory = InMemoryBroker.named(broker);
    try (Bowline bowline = Bowline.connect("memory://" + broker)) {
      bowline.admin().ensure(TopicSpec.of(stage.topic).lanes(1).groups("billing"));
      bowline.admin().ensure(TopicSpec.of("dead").groups(ReplayBuilder.reader("billing")));
      ReliableConsumer unable =
          member(bowline, guard().waits(Duration.ofMillis(20)), this::allButTheSecond);
      ReliableProducer producer = bowline.producer("trade").open();
      for (int number = 1; number <= 4; number++) {
        var unused = producer.send(Message.to(stage.topic).key("a").text("" + number)).join();
      }
      Patience.until("three died", () -> memory.stored("dead").size() == 3);
      assertEquals("1 ", stage.told("a"));
      unable.close();
      ReliableConsumer mended = member(bowline, guard(), stage::apply);
      ReplayReport report =
          bowline
              .replay("dead", "billing")
              .all()
              .quiet(Duration.ofMillis(300))
              .run(Duration.ofSeconds(30));
      assertEquals(3, report.replayed(), report::toString);
      Patience.until("all took effect", () -> stage.told("a").equals("1 2 3 4 "));
      Patience.until("all is done", () -> memory.unaccepted(stage.topic, "billing") == 0);
      mended.close();
    }
    assertEquals(VersionStage.upTo(4), stage.told("a"));
  }

  private void allButTheSecond(Received message, Connection connection) throws SQLException {
    if (message.text().equals("2")) {
      throw new Unprocessable("a test");
    }
    stage.apply(message, connection);
  }

  private ReliableConsumer member(
      Bowline bowline, JdbcVersionGuardBuilder guard, InboxHandler work) {
    return bowline
        .consumer(stage.topic, "billing")
        .retry(Retry.attempts(2).backoff(Duration.ofMillis(5), Duration.ofMillis(50)))
        .deadLetters("dead")
        .start(guard.open().handler(work));
  }

  @Test
  void aReplayGoesByTheNumberOfItsFirstSender() throws Exception {
    Handler handler = guard().open().handler(stage::apply);
    String of = VersionStage.stamp("a", 1, new KeyNumber(2, 0, false));
    String own = VersionStage.stamp("a", 9, new KeyNumber(1, 0, true));
    Map<String, String> headers =
        Map.of(
            StampCodec.HEADER, own,
            DeadLetterHeaders.REPLAYS, "1",
            DeadLetterHeaders.REPLAYED_STAMP, of);
    assertThrows(OutOfTurn.class, () -> handler.handle(stage.received("a", headers, 2)));
    handler.handle(stage.message("a", 1));
    handler.handle(stage.received("a", headers, 2));
    handler.handle(stage.message("a", 2));
    assertEquals("1 2 ", stage.told("a"));
    Map<String, String> unknown = Map.of(StampCodec.HEADER, own, DeadLetterHeaders.REPLAYS, "1");
    assertThrows(Unprocessable.class, () -> handler.handle(stage.received("a", unknown, 3)));
  }

  @Test
  void whatHasNoNumberIsRefusedUnlessItMayPass() throws Exception {
    Handler strict = guard().open().handler(stage::apply);
    Unprocessable told =
        assertThrows(Unprocessable.class, () -> strict.handle(stage.received("a", Map.of(), 1)));
    assertTrue(String.valueOf(told.getMessage()).contains("passUnnumbered"), told::getMessage);
    assertEquals("", stage.told("a"));
    Handler open = guard().passUnnumbered().open().handler(stage::apply);
    open.handle(stage.received("a", Map.of(), 1));
    open.handle(stage.received("a", Map.of(), 1));
    open.handle(stage.message("a", 1));
    assertEquals("1 1 1 ", stage.told("a"));
  }

  @Test
  void aKeyMayBeginAnywhereIfThatIsChosen() throws Exception {
    Handler handler = guard().beginAnywhere().open().handler(stage::apply);
    handler.handle(stage.message("a", 7));
    handler.handle(stage.message("a", 8));
    assertThrows(OutOfTurn.class, () -> handler.handle(stage.message("a", 10)));
    assertEquals("7 8 ", stage.told("a"));
  }

  @Test
  void withoutADatabaseTheMessageIsPostponed() throws SQLException {
    FickleSource fickle = new FickleSource(stage.database);
    Handler handler = JdbcVersionGuard.in(fickle.source(), "g").open().handler(stage::apply);
    fickle.away = true;
    assertThrows(Postponed.class, () -> handler.handle(stage.message("a", 1)));
    fickle.away = false;
    stage.sql("drop table bowline_version");
    Postponed told = assertThrows(Postponed.class, () -> handler.handle(stage.message("a", 1)));
    String said = String.valueOf(told.getMessage());
    assertTrue(said.startsWith("The version guard in table bowline_version"), said);
    assertTrue(said.contains("bowline/schema-h2.sql"), said);
    assertInstanceOf(IllegalStateException.class, told.getCause());
  }

  @Test
  void whatIsNoSettingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> JdbcVersionGuard.in(stage.database, " "));
    JdbcVersionGuardBuilder builder = guard();
    assertThrows(IllegalArgumentException.class, () -> builder.waits(Duration.ofMillis(-1)));
    assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> builder.open().waiting(0));
    WaitingKey unknown = new WaitingKey("00", "t", "s", "k", 0, 2, 2, Instant.EPOCH);
    assertThrows(IllegalArgumentException.class, () -> builder.open().skip(unknown, 1));
  }
}
