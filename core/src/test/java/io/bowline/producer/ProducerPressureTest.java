// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.producer.ProducerOutcomesTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Await;
import io.bowline.transport.BrokerState;
import io.bowline.transport.Connected;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that takes nothing for now holds callers back, and the figures show it. */
@Timeout(60)
class ProducerPressureTest {
  private static final Message MESSAGE = Message.to("orders").key("k").text("0123456789");
  private final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1);
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Connected connected = broker.connected().telemetry(Telemetry.NONE.meters(registry));
  private final BrokerState state = connected.state();

  private ReliableProducer producer(Duration maxBlock) {
    return new ProducerBuilder(connected, "shop").maxBlock(maxBlock).window(4, 1_000).open();
  }

  private long sends(String outcome) {
    return registry
        .get("bowline.producer.sends")
        .tags("topic", "orders", "outcome", outcome)
        .timer()
        .count();
  }

  @Test
  void aBlockedBrokerRejectsAfterTheWaitAndSaysWhy() {
    try (ReliableProducer producer = producer(Duration.ofMillis(30))) {
      state.blocked("memory alarm", "node rabbit@a is low on memory");
      SendException failure = failureOf(producer.send(MESSAGE));
      assertEquals(Outcome.REJECTED, failure.outcome());
      assertEquals(0, failure.attempts());
      String text = String.valueOf(failure.getMessage());
      assertTrue(text.contains("memory alarm") && text.contains("low on memory"), text);
      assertEquals(0, broker.sendsWaiting());
    }
  }

  @Test
  void whoWaitsForABlockedBrokerSendsWhenItIsOver() throws InterruptedException {
    try (ReliableProducer producer = producer(Duration.ofSeconds(50))) {
      state.blocked("memory alarm", "low");
      CountDownLatch asked = new CountDownLatch(1);
      var sent =
          CompletableFuture.supplyAsync(
              () -> {
                asked.countDown();
                return producer.send(MESSAGE).join();
              });
      asked.await();
      assertFalse(sent.isDone());
      assertEquals(0, broker.sendsWaiting());
      state.unblocked("memory alarm");
      broker.nextSend().confirm();
      assertNotNull(sent.join());
    }
  }

  @Test
  void closingWakesWhoWaitsForABlockedBroker() {
    ReliableProducer producer = producer(Duration.ofSeconds(50));
    state.blocked("memory alarm", "low");
    Thread[] waiting = new Thread[1];
    var failure =
        CompletableFuture.supplyAsync(
            () -> {
              waiting[0] = Thread.currentThread();
              return failureOf(producer.send(MESSAGE));
            });
    Await.until(
        "it waits",
        () -> waiting[0] != null && waiting[0].getState() == Thread.State.TIMED_WAITING);
    producer.close(Duration.ZERO);
    assertEquals(Outcome.REJECTED, failure.join().outcome());
    assertTrue(String.valueOf(failure.join().getMessage()).contains("closed"));
  }

  @Test
  void theFiguresTellOutcomesRetriesAndWhatIsInFlight() throws InterruptedException {
    ReliableProducer producer = producer(Duration.ofSeconds(2));
    var stored = producer.send(MESSAGE);
    assertEquals(1, registry.get("bowline.producer.inflight.messages").gauge().value());
    assertEquals(10, registry.get("bowline.producer.inflight.bytes").gauge().value());
    broker.nextSend().fail(Verdict.NOT_STORED);
    broker.nextSend().confirm();
    assertNotNull(stored.join());
    var refused = producer.send(MESSAGE);
    broker.nextSend().fail(Verdict.REFUSED);
    assertEquals(Outcome.REJECTED, failureOf(refused).outcome());
    var under = producer.send(MESSAGE.body(new byte[990]));
    assertEquals(
        Outcome.REJECTED, failureOf(producer.send(MESSAGE.text("no room for it"))).outcome());
    assertEquals(1, registry.get("bowline.producer.window.wait").timer().count());
    producer.close(Duration.ZERO);
    assertEquals(Outcome.UNKNOWN, failureOf(under).outcome());
    assertTrue(registry.getMeters().isEmpty(), "a closed producer leaves no meter behind");
  }

  @Test
  void outcomesAreCountedByTopic() throws InterruptedException {
    try (ReliableProducer producer = producer(Duration.ofSeconds(2))) {
      var stored = producer.send(MESSAGE);
      broker.nextSend().fail(Verdict.NOT_STORED);
      broker.nextSend().confirm();
      assertNotNull(stored.join());
      var refused = producer.send(MESSAGE);
      broker.nextSend().fail(Verdict.REFUSED);
      assertEquals(Outcome.REJECTED, failureOf(refused).outcome());
      assertEquals(1, sends("confirmed"));
      assertEquals(1, sends("rejected"));
      assertEquals(1, registry.get("bowline.producer.retries").counter().count());
    }
  }
}
