// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.BrokerServer.Proxied;
import io.bowline.testkit.servers.LocalRabbit;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the broker and the network do to sends under way, held against what the queue has then. */
final class RabbitFailuresIT {
  private static final int LOAD = 2_000;

  /** Longer than any test may take: no outcome here comes from it. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private final RabbitScene scene = new RabbitScene();
  private final RecordedEvents events = new RecordedEvents();

  @AfterEach
  void close() {
    scene.server().proxied().ifPresent(way -> way.proxy().forward());
    scene.close();
  }

  @Test
  void anExchangeDeletedUnderLoadLosesNothingConfirmed() throws IOException {
    scene.ensure(1);
    SentLedger ledger = new SentLedger(scene.transport());
    load(ledger, "a", LOAD / 2);
    scene.plain().exchangeDelete(scene.topic());
    load(ledger, "b", LOAD / 2);
    RabbitScene.await("all outcomes", ledger::allEnded);
    assertTrue(ledger.confirmed() < LOAD, "the exchange was gone");
    scene.ensure(1);
    RabbitScene.await(
        "the way back", () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "again"))));
    check(ledger);
  }

  @Test
  void aQueueDeletedUnderLoadIsUnroutableAndTheOthersGoOn() throws IOException {
    scene.ensure(2);
    SentLedger ledger = new SentLedger(scene.transport());
    SentLedger other = new SentLedger(scene.transport());
    for (int i = 0; i < LOAD; i++) {
      if (i == LOAD / 2) {
        scene.plain().queueDelete(RabbitNames.queue(scene.topic(), "g", 1));
      }
      other.add(scene.message(1, "x" + i));
      ledger.add(scene.message(0, "m" + i));
    }
    RabbitScene.await("all outcomes", () -> ledger.allEnded() && other.allEnded());
    // RabbitMQ 4.0 may close the whole connection over it, by 541.
    assertEquals(0, ledger.failures().getOrDefault(Verdict.REFUSED, 0), "the other lane");
    RabbitScene.await(
        "unroutable", () -> failure(scene.message(1, "y")).verdict() == Verdict.NOT_STORED);
    RabbitScene.await(
        "the way back", () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "again"))));
    check(ledger);
  }

  @Test
  void oneTooLargeClosesTheChannelAndTheOthersAreUnknownOrGoOn() throws IOException {
    Assumptions.assumeFalse(
        scene.server().origin().contains("RabbitMQ 3"), "RabbitMQ 3 takes 128 MiB");
    scene.ensure(1);
    SentLedger ledger = new SentLedger(scene.open(Map.of("max.message.bytes", "33554432")));
    load(ledger, "a", LOAD / 2);
    byte[] body = new byte[RabbitSettings.MAX_MESSAGE_BYTES + 1];
    ledger.add(new Outgoing("large", scene.topic(), 0, null, Map.of(), body));
    load(ledger, "b", LOAD / 2);
    RabbitScene.await("all outcomes", ledger::allEnded);
    assertEquals(1, ledger.failures().get(Verdict.REFUSED), "the large one");
    Set<String> stored = check(ledger);
    assertTrue(!stored.contains("large"));
  }

  @Test
  void aFullQueueRefusesUntilItIsDrained() throws IOException {
    scene.transport().admin().ensure(TopicSpec.of(scene.topic()).lanes(1));
    String queue = RabbitNames.queue(scene.topic(), "g", 0);
    Map<String, Object> few =
        Map.of("x-queue-type", "quorum", "x-max-length", 10, "x-overflow", "reject-publish");
    scene.plain().queueDeclare(queue, true, false, false, few);
    scene.plain().queueBind(queue, scene.topic(), "0");
    SentLedger ledger = new SentLedger(scene.transport());
    RabbitScene.await(
        "a refusal", () -> !RabbitScene.isConfirmed(ledger.send(scene.message(0, "m"))));
    assertEquals(Map.of(Verdict.UNKNOWN, 1), ledger.failures(), "AMQP does not prove it");
    check(ledger);
    RabbitScene.await(
        "room", () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "later"))));
  }

  @Test
  void whatWasWrittenBeforeACutIsUnknownAtOnceAndStored() throws IOException {
    scene.ensure(1);
    SentLedger ledger = new SentLedger(throughProxy(Map.of()));
    RabbitScene.result(ledger.send(scene.message(0, "before")));
    FaultProxy proxy = proxy().proxy();
    proxy.dropAnswers();
    load(ledger, "m", 100);
    String queue = RabbitNames.queue(scene.topic(), "g", 0);
    RabbitScene.await("them in the queue", () -> count(queue) >= 50);
    int unused = proxy.cutAfterRequests();
    RabbitScene.await("all outcomes", ledger::allEnded);
    proxy.forward();
    assertTrue(ledger.failures().getOrDefault(Verdict.UNKNOWN, 0) >= 50, "stored, unanswered");
    RabbitScene.await(
        "the way back", () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "again"))));
    assertTrue(events.told("lost publishing") && events.told("restored publishing"));
    check(ledger);
  }

  @Test
  void heartbeatsNoticeAHalfOpenConnection() throws IOException {
    scene.ensure(1);
    SentLedger ledger = new SentLedger(throughProxy(Map.of("heartbeat", "2")));
    RabbitScene.result(ledger.send(scene.message(0, "before")));
    proxy().proxy().freezePresent();
    load(ledger, "m", 100);
    Duration took = ended(ledger);
    assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "noticed after " + took);
    assertTrue(ledger.failures().getOrDefault(Verdict.UNKNOWN, 0) > 0, "under way");
    RabbitScene.await(
        "another connection",
        () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "again"))));
    int unused = proxy().proxy().cutFrozen();
    check(ledger);
  }

  @Test
  void aWriteThatNeverEndsHoldsUpNoCallerAndIsCut() throws IOException {
    scene.ensure(1);
    SentLedger ledger =
        new SentLedger(throughProxy(Map.of("heartbeat", "600", "write.timeout", "1000")));
    RabbitScene.result(ledger.send(scene.message(0, "before")));
    proxy().proxy().freezePresent();
    for (int i = 0; i < 60; i++) {
      var unused =
          ledger.send(
              new Outgoing("large-" + i, scene.topic(), 0, null, Map.of(), new byte[1 << 20]));
    }
    Duration took = ended(ledger);
    assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "cut after " + took);
    assertTrue(ledger.slowestCall().compareTo(Duration.ofSeconds(5)) < 0, "a caller waited");
    assertTrue(ledger.failures().getOrDefault(Verdict.NOT_STORED, 0) > 0, "never written");
    int unused = proxy().proxy().cutFrozen();
    RabbitScene.await(
        "another connection",
        () -> RabbitScene.isConfirmed(ledger.send(scene.message(0, "again"))));
    check(ledger);
  }

  @Test
  void anInterruptedCallerSendsAllTheSame() {
    scene.ensure(1);
    SentLedger ledger = new SentLedger(scene.transport());
    Thread.currentThread().interrupt();
    load(ledger, "m", 100);
    assertTrue(Thread.interrupted(), "the flag stays set");
    RabbitScene.await("all outcomes", ledger::allEnded);
    assertEquals(100, ledger.confirmed());
  }

  @Test
  void anotherNodeTakesOverWhereTheOneInUseDies() {
    try (LocalRabbit first = LocalRabbit.startNewest()) {
      scene.ensure(1);
      String second = scene.config().address().hosts(5672).get(0);
      String both =
          first.address().replaceAll("\\?.*", "") + "," + second + "?address.order=listed";
      TransportConfig config = TransportConfig.of(BrokerAddress.parse(both)).events(events);
      Transport transport = scene.open(config);
      transport.admin().ensure(new TopicSpec(scene.topic(), 1, List.of("g")));
      RabbitScene.result(transport.send(scene.message(0, "to the first")));
      assertEquals(0, count(RabbitNames.queue(scene.topic(), "g", 0)), "at the second");
      first.kill();
      RabbitScene.await(
          "the second", () -> RabbitScene.isConfirmed(transport.send(scene.message(0, "m"))));
      assertTrue(count(RabbitNames.queue(scene.topic(), "g", 0)) > 0, "at the second");
    }
  }

  private TransportException failure(Outgoing message) {
    return RabbitScene.failureOf(() -> scene.transport().send(message));
  }

  private void load(SentLedger ledger, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      ledger.add(scene.message(0, prefix + i));
    }
  }

  private static Duration ended(SentLedger ledger) {
    long start = System.nanoTime();
    RabbitScene.await("all outcomes", ledger::allEnded);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Proxied proxy() {
    Optional<Proxied> proxied = scene.server().proxied();
    Assumptions.assumeTrue(proxied.isPresent(), "needs a proxy before the broker");
    return proxied.orElseThrow();
  }

  private Transport throughProxy(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(properties);
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse(proxy().address()))
            .confirmTimeout(LONG)
            .events(events)
            .properties(all);
    return scene.open(config);
  }

  private long count(String queue) {
    try {
      return scene.plain().messageCount(queue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> check(SentLedger ledger) throws IOException {
    return ledger.checkAgainst(scene.plainChannel(), RabbitNames.queue(scene.topic(), "g", 0));
  }
}
