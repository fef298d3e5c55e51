// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import io.bowline.message.Received;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts that a store counts: here up to three of a message. */
@Timeout(60)
class ConsumerAttemptsTest {
  private static final String FIRST = "orders/0/0";
  private static final String SECOND = "orders/0/1";

  private final Scene scene = new Scene();
  private final MemoryAttempts store = new MemoryAttempts();

  @AfterEach
  void close() {
    scene.close();
  }

  private ScriptedSubscription start() throws InterruptedException {
    scene.builder.deadLetters("dead").attempts(store);
    return scene.start();
  }

  @Test
  void anAttemptIsCountedBeforeItsHandlerBeginsAndForgottenOnceItEndedWell()
      throws InterruptedException {
    ScriptedSubscription member = start();
    scene.hold("a1");
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    assertEquals(Map.of(FIRST, 1), store.counts);
    scene.release("a1");
    awaitAccepted(member, "a1");
    assertEquals(Map.of(), store.counts);
  }

  @Test
  void attemptsThatNeverEndedCountAndTheLastOneAllowedIsStillMade() throws InterruptedException {
    store.counts.put(FIRST, 2);
    ScriptedSubscription member = start();
    scene.fail("a1", new IllegalStateException("again"));
    member.deliver("a", "a1");
    Sent dead = scene.broker.nextSend();
    assertEquals(List.of("a1"), scene.begun);
    assertEquals(3, scene.seen.get(0).attempt());
    assertEquals("3", dead.message().headers().get("bowline-dead-attempts"));
    assertEquals(Map.of(FIRST, 3), store.counts, "until the dead letter is confirmed");
    dead.confirm();
    awaitAccepted(member, "a1");
    assertEquals(Map.of(), store.counts);
  }

  @Test
  void whatUsedUpItsAttemptsElsewhereDiesWithoutACall() throws InterruptedException {
    store.counts.put(FIRST, 3);
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Sent dead = scene.broker.nextSend();
    assertEquals(List.of(), scene.begun);
    Map<String, String> headers = dead.message().headers();
    assertEquals("3", headers.get("bowline-dead-attempts"));
    assertEquals(AttemptsExhausted.class.getName(), headers.get("bowline-dead-exception"));
    dead.confirm();
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a2"), scene.begun);
    assertEquals(Map.of(), store.counts);
  }

  @Test
  void triesInPlaceAndAttemptsElsewhereShareOneLimit() throws InterruptedException {
    store.counts.put(FIRST, 1);
    ScriptedSubscription member = start();
    scene.fail("a1", new IllegalStateException("one"), new IllegalStateException("two"));
    member.deliver("a", "a1");
    scene.broker.nextSend().confirm();
    awaitAccepted(member, "a1");
    assertEquals(List.of("a1", "a1"), scene.begun);
    assertEquals(List.of(2, 3), scene.seen.stream().map(Received::attempt).toList());
  }

  @Test
  void whileTheStoreFailsNoHandlerIsCalledAndNothingIsLost() throws InterruptedException {
    store.fails = true;
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("it was asked again and again", () -> store.asked.get() > 12);
    assertEquals(List.of(), scene.begun);
    assertEquals(List.of(), member.accepted());
    assertEquals(0, scene.broker.sendsWaiting());
    Await.until("that is told", () -> scene.consumer().health().status() == Status.DEGRADED);
    String why = scene.consumer().health().reason();
    assertTrue(why.contains(AttemptNotRecorded.class.getName()), why);
    store.fails = false;
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a1", "a2"), scene.begun);
    assertEquals(1, scene.seen.get(0).attempt(), "nothing is held against it");
  }

  @Test
  void aStoreThatAnswersOddlyCallsNoHandler() throws InterruptedException {
    store.forgets = true;
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    Await.until("it was asked again and again", () -> store.asked.get() > 6);
    assertEquals(List.of(), scene.begun);
    assertEquals(0, scene.broker.sendsWaiting(), "nothing is held against it");
  }

  @Test
  void aStoreThatCannotForgetCostsNoMessage() throws InterruptedException {
    ScriptedSubscription member = start();
    scene.hold("a1");
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    store.fails = true;
    scene.release("a1");
    awaitAccepted(member, "a1");
    assertEquals(Map.of(FIRST, 1), store.counts);
  }

  @Test
  void aHandlerThatTheClosingInterruptsHasSpentNoAttempt() throws InterruptedException {
    ScriptedSubscription member = start();
    scene.hold("a1");
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    assertEquals(1, scene.consumer().close(Duration.ofMillis(20)).stillRunning());
    scene.interrupted.await();
    Await.until("it is forgiven", store.counts::isEmpty);
    assertEquals(List.of(), member.accepted());
  }

  @Test
  void aStagesAttemptIsForgottenOnceItCompleted() throws InterruptedException {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    scene.builder.deadLetters("dead").attempts(store);
    ReliableConsumer consumer = scene.builder.startAsync(message -> stage);
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "a1");
      Await.until("it is counted", () -> store.counts.equals(Map.of(FIRST, 1)));
      stage.complete(null);
      awaitAccepted(member, "a1");
      assertEquals(Map.of(), store.counts);
    } finally {
      consumer.close();
    }
  }

  @Test
  void aBatchThatMayHaveEndedAProcessIsTakenApartAndCostsNoNeighbourItsAttempts()
      throws InterruptedException {
    List<List<String>> calls = new CopyOnWriteArrayList<>();
    store.counts.put(FIRST, 3);
    store.counts.put(SECOND, 1);
    scene.builder.deadLetters("dead").attempts(store);
    ReliableConsumer consumer =
        scene.builder.startBatches(
            10, batch -> calls.add(batch.stream().map(Received::text).toList()));
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      var unused =
          member.inPoll(() -> List.of("a1", "a2", "a3").forEach(text -> member.deliver("a", text)));
      Sent dead = scene.broker.nextSend();
      assertEquals("a1", dead.text());
      dead.confirm();
      awaitAccepted(member, "a1", "a2", "a3");
      assertEquals(List.of(List.of("a2"), List.of("a3")), calls);
      assertEquals(Map.of(), store.counts);
    } finally {
      consumer.close();
    }
  }

  @Test
  void aBatchThatFailsInPlaceSpendsNoAttemptsOfItsMessages() throws InterruptedException {
    List<List<String>> calls = new CopyOnWriteArrayList<>();
    scene.builder.deadLetters("dead").attempts(store);
    ReliableConsumer consumer =
        scene.builder.startBatches(
            10,
            batch -> {
              calls.add(batch.stream().map(Received::text).toList());
              if (batch.size() > 1) {
                throw new IllegalStateException("together they fail");
              }
            });
    try {
      ScriptedSubscription member = scene.broker.nextSubscription();
      var unused =
          member.inPoll(() -> List.of("a1", "a2").forEach(text -> member.deliver("a", text)));
      awaitAccepted(member, "a1", "a2");
      List<String> both = List.of("a1", "a2");
      assertEquals(List.of(both, both, both, List.of("a1"), List.of("a2")), calls);
      assertEquals(Map.of(), store.counts);
    } finally {
      consumer.close();
    }
  }

  @Test
  void withoutDeadLettersAStoreIsRefused() {
    scene.builder.attempts(store);
    IllegalStateException refused = assertThrows(IllegalStateException.class, scene::start);
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("add deadLetters(topic)"), said);
  }
}
