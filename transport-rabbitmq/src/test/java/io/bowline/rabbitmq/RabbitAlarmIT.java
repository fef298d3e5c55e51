// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.audit.Finding.Status;
import io.bowline.testkit.servers.LocalRabbit;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real memory alarm, raised and cleared while sends are under way. */
final class RabbitAlarmIT {
  private static final String BLOCKED = "blocked memory alarm";
  private static LocalRabbit server;

  private final RecordedEvents events = new RecordedEvents();
  private final String topic = "alarm-" + UUID.randomUUID();

  @BeforeAll
  static void startServer() {
    server = LocalRabbit.startNewest();
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @AfterEach
  void clearAlarm() {
    watermark("400MB");
  }

  @Test
  void anAlarmHoldsSendsBackAndLosesNone() throws Exception {
    try (Transport transport = open(Duration.ofMinutes(2))) {
      SentLedger ledger = new SentLedger(transport);
      sendMany(ledger, "before", 200);
      RabbitScene.await("the first ones", ledger::allEnded);
      watermark("1");
      sendUntilBlocked(ledger);
      long confirmedBefore = ledger.confirmed();
      sendMany(ledger, "while", 500);
      assertTrue(ledger.confirmed() - confirmedBefore < 500, "the broker takes nothing");
      watermark("400MB");
      RabbitScene.await("all of them", ledger::allEnded);
      assertEquals(Map.of(), ledger.failures());
      assertTrue(events.told("un" + BLOCKED), () -> events.all().toString());
      checkAgainstQueue(ledger);
    }
  }

  @Test
  void pastItsDeadlineABlockedSendIsProvenNotStored() throws Exception {
    try (Transport transport = open(Duration.ofSeconds(4))) {
      SentLedger ledger = new SentLedger(transport);
      sendMany(ledger, "before", 10);
      RabbitScene.await("the first ones", ledger::allEnded);
      watermark("1");
      sendUntilBlocked(ledger);
      TransportException failure =
          RabbitScene.failureOf(() -> ledger.send(message("late-" + UUID.randomUUID())));
      assertEquals(Verdict.NOT_STORED, failure.verdict(), failure.getMessage());
      assertTrue(String.valueOf(failure.getMessage()).contains("memory"), failure.getMessage());
      watermark("400MB");
      RabbitScene.await(
          "the way back",
          () -> RabbitScene.isConfirmed(ledger.send(message("after-" + UUID.randomUUID()))));
      checkAgainstQueue(ledger);
    }
  }

  @Test
  void noneOvertakesOneWhoseTimeWasOver() {
    try (Transport transport = open(Duration.ofSeconds(4))) {
      SentLedger ledger = new SentLedger(transport);
      watermark("1");
      sendUntilBlocked(ledger);
      CompletableFuture<Receipt> first = transport.send(message("first"));
      boolean unused = holds(2_000, first::isDone);
      CompletableFuture<Receipt> behind = transport.send(message("behind"));
      assertEquals(Verdict.NOT_STORED, RabbitScene.failureOf(() -> first).verdict());
      String why = String.valueOf(RabbitScene.failureOf(() -> behind).getMessage());
      assertTrue(why.contains("one of its lane before it failed"), why);
    }
  }

  @Test
  void closingWhileBlockedEnds() {
    Transport transport = open(Duration.ofSeconds(3));
    SentLedger ledger = new SentLedger(transport);
    watermark("1");
    sendUntilBlocked(ledger);
    sendMany(ledger, "while", 10);
    long start = System.nanoTime();
    transport.close();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofSeconds(40)) < 0, "took " + took);
    assertTrue(ledger.allEnded());
  }

  @Test
  void theAuditFindsItForAsLongAsItHolds() {
    try (Transport transport = open(Duration.ofSeconds(4))) {
      watermark("1");
      RabbitScene.await("the finding", () -> alarms(transport) == Status.FAIL);
      watermark("400MB");
      RabbitScene.await("its end", () -> alarms(transport) == Status.PASS);
    }
  }

  private Status alarms(Transport transport) {
    return transport.admin().audit(topic).finding("alarms").status();
  }

  /** RabbitMQ tells of the alarm at a message that comes after it. */
  private void sendUntilBlocked(SentLedger ledger) {
    RabbitScene.await(
        "the news of the alarm",
        () -> {
          sendMany(ledger, "probe-" + UUID.randomUUID(), 1);
          return events.told(BLOCKED) || holds(50, () -> events.told(BLOCKED));
        });
  }

  private static boolean holds(int millis, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    return condition.getAsBoolean();
  }

  private void sendMany(SentLedger ledger, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      ledger.add(message(prefix + "-" + i));
    }
  }

  private Transport open(Duration confirmTimeout) {
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse(server.address()))
            .confirmTimeout(confirmTimeout)
            .events(events);
    Transport transport = Transports.open(config);
    transport.admin().ensure(new TopicSpec(topic, 1, List.of("g")));
    return transport;
  }

  private void checkAgainstQueue(SentLedger ledger) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    String[] place = BrokerAddress.parse(server.address()).hosts(5672).get(0).split(":", -1);
    factory.setPort(Integer.parseInt(place[1]));
    try (Connection connection = factory.newConnection();
        Channel plain = connection.createChannel()) {
      var unused = ledger.checkAgainst(plain, RabbitNames.queue(topic, "g", 0));
    }
  }

  private static void watermark(String bytes) {
    server.control("set_vm_memory_high_watermark", "absolute", bytes);
  }

  private Outgoing message(String id) {
    return new Outgoing(id, topic, 0, "k", Map.of(), new byte[100]);
  }
}
