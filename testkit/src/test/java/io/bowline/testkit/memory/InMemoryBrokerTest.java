// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The faults that the handle injects, seen from a client. */
final class InMemoryBrokerTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private InMemoryBroker broker;
  private Transport transport;

  @BeforeEach
  void connect(TestInfo test) {
    broker = InMemoryBroker.named(test.getTestMethod().orElseThrow().getName());
    transport = Transports.open(config());
    transport.admin().ensure(new TopicSpec("beans", 2, List.of("cooks")));
  }

  @AfterEach
  void disconnect() {
    broker.resume();
    broker.start();
    transport.close();
  }

  @Test
  void aFailedSendIsNotStored() {
    broker.failNext(2, Verdict.NOT_STORED);
    assertEquals(Verdict.NOT_STORED, verdict(send("a")));
    assertEquals(Verdict.NOT_STORED, verdict(send("b")));
    confirmed(send("c"));
    assertEquals(List.of("c"), stored());
  }

  @Test
  void aSendCutAfterStoringIsUnknownAndStored() {
    broker.cutAfterStoring(1);
    assertEquals(Verdict.UNKNOWN, verdict(send("a")));
    assertEquals(List.of("a"), stored());
  }

  @Test
  void aSendCutBeforeStoringIsUnknownAndNotStored() {
    broker.failNext(1, Verdict.UNKNOWN);
    assertEquals(Verdict.UNKNOWN, verdict(send("a")));
    assertEquals(List.of(), stored());
  }

  @Test
  void aPausedBrokerStoresLate() {
    broker.pause();
    CompletableFuture<Receipt> severed = send("late");
    assertEquals(Verdict.UNKNOWN, verdict(severed));
    broker.resume();
    confirmed(send("after"));
    assertEquals(List.of("late", "after"), stored());
  }

  @Test
  void whatIsLostNeverArrives() {
    confirmed(send("a"));
    confirmed(send("b"));
    assertEquals(1, broker.lose("beans", message -> text(message.body()).equals("a")));
    assertEquals(1, broker.unaccepted("beans", "cooks"));
    Heard heard = new Heard();
    try (Subscription subscription = subscribe(heard)) {
      assertEquals("b", text(subscription.poll(10, LONG).get(0).body()));
    }
  }

  @Test
  void theLimitRefusesLargerMessages() {
    broker.limitMessages(10);
    confirmed(send("0123456789"));
    assertEquals(Verdict.REFUSED, verdict(send("0123456789+")));
  }

  @Test
  void aCrashedClientLosesItsMembersAndItsSends() {
    confirmed(send("a"));
    Transport doomed = Transports.open(config());
    Subscription held = doomed.subscribe(new SubscriptionSpec("beans", "cooks", 5), new Heard());
    assertEquals(1, held.poll(10, LONG).size());
    broker.crash(doomed);
    assertThrows(TransportException.class, () -> held.poll(1, Duration.ZERO));
    try (Subscription next = subscribe(new Heard())) {
      Delivery again = next.poll(10, LONG).get(0);
      assertEquals(2, again.attempt());
      assertTrue(next.accept(again));
    }
    assertEquals(0, broker.unaccepted("beans", "cooks"));
    assertThrows(IllegalArgumentException.class, () -> InMemoryBroker.named("x").crash(transport));
  }

  @Test
  void anExpiredMemberLosesItsLanesAndJoinsAgain() {
    confirmed(send("a"));
    Heard heard = new Heard();
    try (Subscription subscription = subscribe(heard)) {
      Delivery first = subscription.poll(10, LONG).get(0);
      broker.expireMembers("beans", "cooks");
      assertFalse(subscription.accept(first));
      Delivery second = subscription.poll(10, LONG).get(0);
      assertEquals(2, second.attempt());
      assertEquals(List.of("assigned [0, 1]", "lost [0, 1]", "assigned [0, 1]"), heard.events);
      assertTrue(subscription.accept(second));
    }
    assertTrue(heard.events.contains("revoking [0, 1]"));
  }

  @Test
  void whatWasAcceptedAndNotYetFlushedComesAgainAfterACrash() {
    confirmed(send("a"));
    Transport doomed = Transports.open(config());
    Subscription held = doomed.subscribe(new SubscriptionSpec("beans", "cooks", 5), new Heard());
    assertTrue(held.accept(held.poll(10, LONG).get(0)));
    broker.crash(doomed);
    assertEquals(1, broker.unaccepted("beans", "cooks"));
  }

  @Test
  void answersComeOnAThreadOfTheBroker() {
    Thread answered = send("a").thenApply(receipt -> Thread.currentThread()).join();
    // Already complete futures run their dependents here, so only a late one tells.
    broker.pause();
    CompletableFuture<Thread> late = send("b").thenApply(receipt -> Thread.currentThread());
    broker.resume();
    assertFalse(late.orTimeout(10, TimeUnit.SECONDS).join() == Thread.currentThread());
    assertTrue(answered.isAlive());
  }

  @Test
  void anUnknownPropertyIsRefused() {
    TransportConfig config = config().properties(Map.of("acks", "1"));
    TransportException refused =
        assertThrows(TransportException.class, () -> Transports.open(config));
    assertEquals(Verdict.REFUSED, refused.verdict());
  }

  private TransportConfig config() {
    return TransportConfig.of(BrokerAddress.parse(broker.address()))
        .confirmTimeout(Duration.ofMillis(500));
  }

  private CompletableFuture<Receipt> send(String text) {
    return transport.send(new Outgoing(text, "beans", 0, null, Map.of(), text.getBytes(UTF_8)));
  }

  private Subscription subscribe(LaneListener listener) {
    return transport.subscribe(new SubscriptionSpec("beans", "cooks", 5), listener);
  }

  private List<String> stored() {
    return broker.stored("beans").stream().map(message -> text(message.body())).toList();
  }

  private static String text(byte[] body) {
    return new String(body, UTF_8);
  }

  private static void confirmed(CompletableFuture<Receipt> send) {
    assertEquals("beans", send.orTimeout(10, TimeUnit.SECONDS).join().topic());
  }

  private static Verdict verdict(CompletableFuture<Receipt> send) {
    Throwable failure = send.<Throwable>handle((receipt, problem) -> problem).join();
    return ((TransportException) failure).verdict();
  }

  private static final class Heard implements LaneListener {
    final List<String> events = new ArrayList<>();

    @Override
    public void assigned(Set<Integer> lanes) {
      events.add("assigned " + lanes);
    }

    @Override
    public void revoking(Set<Integer> lanes) {
      events.add("revoking " + new java.util.TreeSet<>(lanes));
    }

    @Override
    public void lost(Set<Integer> lanes) {
      events.add("lost " + new java.util.TreeSet<>(lanes));
    }
  }
}
