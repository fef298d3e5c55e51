// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.producer.Outcome;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is measured, from the address to the registry. */
@Timeout(60)
final class FiguresTest {
  private static final AtomicInteger BROKERS = new AtomicInteger();

  private final InMemoryBroker broker =
      InMemoryBroker.named("figures-" + BROKERS.incrementAndGet());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Bowline bowline = Bowline.at(broker.address()).metrics(registry).connect();
  private final ReliableProducer producer = bowline.producer("shop").open();

  @BeforeEach
  void topics() {
    bowline.admin().ensure(TopicSpec.of("orders"));
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  private long ended(String topic, Outcome outcome) {
    return registry
        .get("bowline.producer.sends")
        .tags("source", "shop", "topic", topic, "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .timer()
        .count();
  }

  @Test
  void whatAProducerDoesShows() {
    broker.failNext(1, Verdict.NOT_STORED);
    Receipt stored = producer.send(Message.to("orders").text("100")).join();
    CompletableFuture<Receipt> nowhere = producer.send(Message.to("no such topic").text("100"));
    CompletionException refused = assertThrows(CompletionException.class, nowhere::join);
    assertEquals(
        Outcome.REJECTED, assertInstanceOf(SendException.class, refused.getCause()).outcome());
    assertEquals(1, ended(stored.topic(), Outcome.CONFIRMED));
    assertEquals(1, ended("no such topic", Outcome.REJECTED));
    assertEquals(0, ended("orders", Outcome.UNKNOWN));
    assertEquals(
        1, registry.get("bowline.producer.retries").tag("topic", "orders").counter().count());
  }

  @Test
  void whatIsInFlightShows() {
    Receipt first = producer.send(Message.to("orders").text("1")).join();
    broker.pause();
    CompletableFuture<Receipt> sent = producer.send(Message.to("orders").text("100"));
    assertEquals(1, registry.get("bowline.producer.inflight.messages").gauge().value());
    assertEquals(3, registry.get("bowline.producer.inflight.bytes").gauge().value());
    broker.resume();
    assertEquals(first.topic(), sent.join().topic());
  }

  @Test
  void producersOfOneSourceShareTheirMeters() {
    Receipt first = producer.send(Message.to("orders").text("100")).join();
    try (ReliableProducer second = bowline.producer("shop").open()) {
      Receipt unused = second.send(Message.to("orders").text("100")).join();
      assertEquals(2, ended(first.topic(), Outcome.CONFIRMED));
    }
    assertEquals(2, ended("orders", Outcome.CONFIRMED));
  }

  @Test
  void theLagOfAGroupShowsOnceHoweverManyMembersTellIt() {
    bowline.admin().ensure(TopicSpec.of("orders").groups("billing"));
    Receipt first = producer.send(Message.to("orders").text("1")).join();
    Receipt second = producer.send(Message.to(first.topic()).text("2")).join();
    CountDownLatch hold = new CountDownLatch(1);
    try (ReliableConsumer one = member(hold);
        ReliableConsumer other = member(hold)) {
      awaitLag(2);
      hold.countDown();
      awaitLag(0);
      assertEquals(one.group(), other.group());
    }
    assertEquals("orders", second.topic());
  }

  private ReliableConsumer member(CountDownLatch hold) {
    return bowline
        .consumer("orders", "billing")
        .lagEvery(Duration.ofMillis(20))
        .start(message -> hold.await());
  }

  private void awaitLag(double messages) {
    while (registry.get("bowline.consumer.lag").gauge().value() != messages) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // the test has a time limit
    }
  }

  @Test
  void closingLeavesNothingBehind() {
    Receipt unused = producer.send(Message.to("orders").text("100")).join();
    bowline.close();
    assertTrue(registry.getMeters().isEmpty(), () -> registry.getMeters().toString());
  }
}
