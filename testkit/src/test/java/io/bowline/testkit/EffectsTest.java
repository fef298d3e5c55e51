// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Connected;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.Transports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What members write is read as it happened, and each contradiction is found. */
class EffectsTest {
  private final SendLedger ledger = new SendLedger(Order.STRICT);
  private final Effects effects = new Effects(Map.of("orders", ledger));
  private final EffectJournal journal = new EffectJournal(effects);
  private final List<Received> messages = new ArrayList<>();

  /** Three messages as they arrive: two of a key, with their numbers, and one without key. */
  @BeforeEach
  void send() {
    InMemoryBroker broker = InMemoryBroker.named("effects-" + System.nanoTime());
    TransportConfig config = TransportConfig.of(BrokerAddress.parse(broker.address()));
    try (Transport transport = Transports.open(config)) {
      transport.admin().ensure(TopicSpec.of("orders").lanes(1).groups("g"));
      try (ReliableProducer producer =
          new ProducerBuilder(new Connected(transport, config, opened -> {}), "shop").open()) {
        producer.send(Message.to("orders").id("a").key("k").text("one of two")).join();
        producer.send(Message.to("orders").id("b").key("k").text("two of two")).join();
        producer.send(Message.to("orders").id("c").text("free")).join();
      }
      receive(transport);
    }
    ledger.called("a", "k", "one of two");
    ledger.called("b", "k", "two of two");
    ledger.called("c", null, "free");
    Set.of("a", "b", "c").forEach(id -> ledger.ended(id, Outcome.CONFIRMED));
  }

  private void receive(Transport transport) {
    try (Subscription subscription =
        transport.subscribe(new SubscriptionSpec("orders", "g", 10), new Indifferent())) {
      while (messages.size() < 3) {
        for (Delivery each : subscription.poll(10, Duration.ofMillis(10))) {
          Received.Origin origin =
              new Received.Origin("orders", each.lane(), each.position(), each.nativeId());
          messages.add(Received.of(origin, each.key(), each.headers(), each.body()));
        }
      }
    }
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private EffectWriter member(String name) throws IOException {
    return new EffectWriter(journal.path(), name);
  }

  private void assertFinding(String start) {
    List<String> all = new ArrayList<>(effects.findings());
    all.addAll(ledger.findings());
    assertEquals(1, all.size(), all::toString);
    assertTrue(all.get(0).startsWith(start), all::toString);
  }

  @Test
  void whatIsDoneInOrderHasNoFindingsAndRepetitionsCount() throws IOException {
    try (EffectWriter one = member("m1");
        EffectWriter two = member("m2")) {
      for (Received message : messages) {
        one.began(message);
        one.did(message);
      }
      two.began(messages.get(1));
      two.did(messages.get(1));
    }
    assertTrue(journal.read());
    assertEquals(List.of(), effects.findings());
    assertEquals(List.of(), ledger.findings());
    assertEquals(1, ledger.duplicates());
    assertEquals(List.of(3, 1, 4), List.of(effects.done("m1"), effects.done("m2"), effects.done()));
    assertTrue(!journal.read(), "nothing more was written");
  }

  @Test
  void whatIsBegunAndNotDoneIsInHand() throws IOException {
    try (EffectWriter one = member("m1")) {
      one.began(messages.get(0));
      one.began(messages.get(2));
      one.did(messages.get(2));
    }
    assertTrue(journal.read());
    assertEquals(Set.of("a"), effects.inHand("m1"));
    assertEquals(Set.of(), effects.inHand("m2"));
    assertEquals(Set.of("a", "c"), effects.begun("m1"));
  }

  @Test
  void twoOfAKeyAtOnceInOneMemberAreFound() throws IOException {
    try (EffectWriter one = member("m1")) {
      one.began(messages.get(0));
      one.began(messages.get(1));
      messages.forEach(one::did);
    }
    assertTrue(journal.read());
    assertFinding("m1 began b while at work on another");
  }

  @Test
  void firstEffectsOutOfOrderAreFoundAcrossMembers() throws IOException {
    try (EffectWriter one = member("m1");
        EffectWriter two = member("m2")) {
      two.did(messages.get(1));
      one.did(messages.get(0));
      one.did(messages.get(2));
    }
    assertTrue(journal.read());
    assertTrue(ledger.findings().toString().contains("out of order"), ledger.findings()::toString);
  }

  @Test
  void whatWasConfirmedAndNotDoneIsFound() throws IOException {
    try (EffectWriter one = member("m1")) {
      one.did(messages.get(0));
      one.did(messages.get(1));
      one.began(messages.get(2));
    }
    assertTrue(journal.read());
    assertFinding("confirmed and not there: c");
  }

  @Test
  void aLineThatAKillCutOffSaysNothing() throws IOException {
    try (EffectWriter one = member("m1")) {
      one.did(messages.get(0));
      Files.writeString(journal.path(), "\ndid m2 orders b k 2:0:1", StandardOpenOption.APPEND);
      one.did(messages.get(1));
    }
    assertTrue(journal.read());
    assertEquals(List.of(), effects.findings());
    assertEquals(2, effects.done());
  }

  @Test
  void aNumberIsReadAsItWasWritten() throws IOException {
    try (EffectWriter one = member("m1")) {
      messages.forEach(one::did);
    }
    assertTrue(journal.read());
    Stamp.KeyNumber number = new Stamp.KeyNumber(7, 2, 5, true);
    assertEquals(number, EffectWriter.number("7:2:5:true"));
    assertEquals(List.of(), ledger.findings(), "a missing number would be found");
  }
}
