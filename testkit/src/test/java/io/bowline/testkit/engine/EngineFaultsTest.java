// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.Outcome;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producers and consumers over a broker that fails in every way it knows. */
@Timeout(120)
class EngineFaultsTest {
  private static final int KEYS = 11;
  private static int brokers;

  private final InMemoryBroker broker = InMemoryBroker.named("engine-" + brokers++);
  private final Bowline bowline =
      Bowline.at(broker.address())
          .connectTimeout(ofSeconds(20))
          .confirmTimeout(ofMillis(500))
          .connect();
  private final Ledger ledger = new Ledger();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();

  EngineFaultsTest() {
    bowline.admin().ensure(TopicSpec.of("orders").lanes(4).groups("billing"));
    bowline.admin().ensure(TopicSpec.of("dead").lanes(1).groups("mourners"));
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  private ReliableConsumer consumer(Random random) {
    return bowline
        .consumer("orders", "billing")
        .retry(Retry.forever().backoff(ofMillis(1), ofMillis(20)))
        .onGap(gaps::add)
        .start(message -> handle(message, random));
  }

  private void handle(Received message, Random random) {
    ledger.begin(message);
    try {
      if (random.nextInt(10) == 0) {
        throw new IllegalStateException("by chance");
      }
      ledger.effect(message);
    } finally {
      ledger.end(message);
    }
  }

  private ReliableProducer producer() {
    return bowline
        .producer("shop")
        .retry(Retry.forever().backoff(ofMillis(1), ofMillis(20)))
        .deadline(ofSeconds(20))
        .open();
  }

  private static CompletableFuture<Receipt> send(ReliableProducer producer, int number) {
    return producer.send(Message.to("orders").key("key-" + number % KEYS).text("" + number));
  }

  private static Outcome outcome(CompletableFuture<Receipt> send) {
    return send.handle(
            (receipt, failure) ->
                failure instanceof SendException ended ? ended.outcome() : Outcome.CONFIRMED)
        .join();
  }

  @Test
  void nothingConfirmedIsLostNothingRejectedAppearsAndKeysStayInOrder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    try (ReliableProducer producer = producer();
        ReliableConsumer consumer = consumer(random)) {
      for (int i = 0; i < 3_000; i++) {
        if (i % 50 == 0) {
          fault(random);
        }
        sends.add(send(producer, i));
      }
      Set<Integer> confirmed = new HashSet<>();
      Set<Integer> rejected = new HashSet<>();
      for (int i = 0; i < sends.size(); i++) {
        Outcome outcome = outcome(sends.get(i));
        (outcome == Outcome.CONFIRMED ? confirmed : rejected).add(i);
        assertTrue(outcome != Outcome.UNKNOWN, "20 s were enough, seed " + seed);
      }
      Ledger.until(
          "all is processed, seed " + seed + ", group " + consumer.group(),
          () -> ledger.all().containsAll(confirmed));
      Ledger.until(
          "all is accepted, seed " + seed, () -> broker.unaccepted("orders", "billing") == 0);
      rejected.retainAll(ledger.all());
      assertEquals(Set.of(), rejected, "seed " + seed);
    }
    assertEquals(List.of(), ledger.inversions(), "seed " + seed);
    assertEquals(List.of(), ledger.overlaps(), "seed " + seed);
    assertEquals(List.of(), gaps, "false alarms, seed " + seed);
  }

  private void fault(Random random) {
    switch (random.nextInt(5)) {
      case 0 -> broker.failNext(5, Verdict.NOT_STORED);
      case 1 -> broker.failNext(5, Verdict.UNKNOWN);
      case 2 -> broker.cutAfterStoring(5);
      case 3 -> broker.expireMembers("orders", "billing");
      default -> {
        broker.kill();
        broker.start();
      }
    }
  }

  @Test
  void membersComeAndGoWithoutLossInversionOrFalseAlarm() {
    Random random = new Random(1);
    try (ReliableProducer producer = producer();
        ReliableConsumer first = consumer(random)) {
      for (int i = 0; i < 2_000; i++) {
        var unused = send(producer, i);
        if (i % 500 == 250) {
          aSecondMemberComesAndGoes(first.group(), random, i / 2);
        }
      }
      Ledger.until("all is processed", () -> ledger.all().size() == 2_000);
      Ledger.until("all is accepted", () -> broker.unaccepted("orders", "billing") == 0);
    }
    assertEquals(List.of(), ledger.inversions());
    assertEquals(List.of(), gaps, "false alarms");
  }

  private void aSecondMemberComesAndGoes(String group, Random random, int workDone) {
    try (ReliableConsumer second = consumer(random)) {
      Ledger.until("some work is done", () -> ledger.all().size() > workDone);
      assertEquals(group, second.group());
    }
  }

  @Test
  void whatTheBrokerLosesIsNamed() {
    try (ReliableProducer producer = producer()) {
      for (int i = 0; i < 10; i++) {
        producer.send(Message.to("orders").key("k").text("" + i)).join();
      }
      Set<String> lost = Set.of("3", "4", "7");
      assertEquals(3, broker.lose("orders", message -> lost.contains(text(message))));
      try (ReliableConsumer consumer = consumer(new Random(2))) {
        Ledger.until("the gaps are told to " + consumer, () -> gaps.size() == 2);
      }
    }
    assertEquals(
        List.of("shop 4-5 [k:4..5]", "shop 8-8 [k:8]"),
        gaps.stream()
            .map(gap -> gap.source() + " " + gap.from() + "-" + gap.to() + " " + gap.keys())
            .sorted() // several handler threads tell them
            .toList());
  }

  private static String text(Outgoing message) {
    return new String(message.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void whatFailsForGoodLiesAmongTheDeadAndNothingIsLeft() {
    try (ReliableProducer producer = producer();
        ReliableConsumer consumer =
            bowline
                .consumer("orders", "billing")
                .retry(Retry.attempts(2).backoff(ofMillis(1), ofMillis(20)))
                .deadLetters("dead")
                .start(
                    message -> {
                      if (message.text().equals("4")) {
                        throw new IllegalStateException("poison");
                      }
                      ledger.effect(message);
                    })) {
      broker.cutAfterStoring(0);
      for (int i = 0; i < 10; i++) {
        send(producer, i).join();
      }
      Ledger.until(
          consumer.group() + " is done", () -> broker.unaccepted("orders", "billing") == 0);
    }
    assertEquals(9, ledger.all().size());
    List<Outgoing> dead = broker.stored("dead");
    assertEquals(List.of("4"), dead.stream().map(EngineFaultsTest::text).toList());
    assertEquals("poison", dead.get(0).headers().get("bowline-dead-reason"));
    assertEquals("2", dead.get(0).headers().get("bowline-dead-attempts"));
  }

  @Test
  void closingTheBowlineClosesAllThatIsOpenAndTwiceIsOnce() {
    ReliableProducer producer = producer();
    ReliableConsumer consumer = consumer(new Random(3));
    send(producer, 1).join();
    Ledger.until("it is processed", () -> ledger.all().size() == 1);
    bowline.close();
    bowline.close();
    assertEquals(Outcome.REJECTED, outcome(send(producer, 2)));
    assertEquals(1, consumer.close(ofSeconds(1)).settled());
    assertEquals(0, broker.unaccepted("orders", "billing"));
  }
}
