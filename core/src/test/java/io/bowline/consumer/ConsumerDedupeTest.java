// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport.Sent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer that has a store remember what took effect. */
@Timeout(60)
class ConsumerDedupeTest {
  private static final String FIRST = "orders/0/0";
  private static final String SECOND = "orders/0/1";
  private static final Map<String, String> DONE = Map.of(FIRST, MemoryDedupe.DONE);

  private final Scene scene = new Scene();
  private final MemoryDedupe store = new MemoryDedupe();

  @AfterEach
  void close() {
    scene.close();
  }

  private ScriptedSubscription start() throws InterruptedException {
    scene.builder.dedupe(store);
    return scene.start();
  }

  @Test
  void aMessageIsClaimedBeforeItsHandlerAndDoneAfterIt() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    assertEquals(List.of("claim " + FIRST), store.calls);
    scene.release("a1");
    awaitAccepted(member, "a1");
    assertEquals(List.of("claim " + FIRST, "done " + FIRST), store.calls);
    assertEquals(DONE, store.states);
  }

  @Test
  void whatIsDoneIsAcknowledgedUnhandled() throws InterruptedException {
    store.states.put(FIRST, MemoryDedupe.DONE);
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a2"), scene.begun);
  }

  @Test
  void whatSomebodyElseIsAtWorkOnWaitsAndSpendsNothing() throws InterruptedException {
    MemoryAttempts attempts = new MemoryAttempts();
    attempts.counts.put(FIRST, 2); // of members whose process ended
    store.states.put(FIRST, "another");
    scene.builder.deadLetters("dead").attempts(attempts).circuitBreaker(CircuitBreaker.after(2));
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("it was asked again and again", () -> store.asked.get() > 20);
    assertEquals(List.of(), scene.begun);
    assertEquals(List.of(), member.accepted());
    assertEquals(Map.of(FIRST, 2), attempts.counts, "neither counted nor forgiven");
    assertEquals(Status.UP, scene.consumer().health().status(), "nothing is wrong");
    store.states.put(FIRST, MemoryDedupe.DONE);
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a2"), scene.begun);
  }

  @Test
  void aClaimThatIsGivenUpElsewhereIsTakenOver() throws InterruptedException {
    store.states.put(FIRST, "another");
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    Await.until("it was asked", () -> store.asked.get() > 2);
    store.states.remove(FIRST);
    awaitAccepted(member, "a1");
    assertEquals(List.of("a1"), scene.begun);
    assertEquals(1, scene.seen.get(0).attempt());
  }

  @Test
  void whatFailedIsReleasedAndClaimedAnewForEachTry() throws InterruptedException {
    scene.fail("a1", new IllegalStateException("one"), new IllegalStateException("two"));
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    awaitAccepted(member, "a1");
    List<String> failed = List.of("claim " + FIRST, "release " + FIRST);
    assertEquals(failed, store.calls.subList(0, 2));
    assertEquals(failed, store.calls.subList(2, 4));
    assertEquals(List.of("claim " + FIRST, "done " + FIRST), store.calls.subList(4, 6));
  }

  @Test
  void whatIsDeadLetteredIsNotDoneSoThatAReplayIsHandled() throws InterruptedException {
    scene.builder.deadLetters("dead");
    scene.fail("a1", new Unprocessable("never"));
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    Sent dead = scene.broker.nextSend();
    assertEquals(Map.of(), store.states);
    dead.confirm();
    awaitAccepted(member, "a1");
    assertEquals(Map.of(), store.states);
  }

  @Test
  void whileItCannotBeClaimedNoHandlerIsCalledAndNothingIsLost() throws InterruptedException {
    store.fails = "claim";
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    Await.until("it was asked again and again", () -> store.asked.get() > 12);
    assertEquals(List.of(), scene.begun);
    assertEquals(List.of(), member.accepted());
    Await.until("that is told", () -> scene.consumer().health().status() == Status.DEGRADED);
    String why = scene.consumer().health().reason();
    assertTrue(why.contains(DedupeFailed.class.getName()), why);
    store.fails = "";
    awaitAccepted(member, "a1");
    assertEquals(1, scene.seen.get(0).attempt(), "nothing is held against it");
  }

  @Test
  void untilItIsWrittenDownThatItTookEffectItIsNeitherHandledAgainNorAcknowledged()
      throws InterruptedException {
    store.fails = "done";
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("it was asked again and again", () -> store.asked.get() > 12);
    assertEquals(List.of("a1"), scene.begun);
    assertEquals(List.of(), member.accepted());
    store.fails = "";
    awaitAccepted(member, "a1", "a2");
    assertEquals(List.of("a1", "a2"), scene.begun);
  }

  @Test
  void aClaimThatCannotBeReleasedCostsNoMessage() throws InterruptedException {
    store.fails = "release";
    scene.fail("a1", new IllegalStateException("one"));
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    Await.until("it waits for its own claim", () -> store.asked.get() > 6);
    assertEquals(List.of("a1"), scene.begun);
    store.states.remove(FIRST); // as the end of its lease does
    awaitAccepted(member, "a1");
    assertEquals(List.of("a1", "a1"), scene.begun);
  }

  @Test
  void whatAnotherOneMayHaveClaimedMeanwhileIsStillAcknowledged() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    store.states.put(FIRST, "another");
    scene.release("a1");
    awaitAccepted(member, "a1");
    assertEquals(Map.of(FIRST, "another"), store.states);
  }

  @Test
  void aHandlerThatOutlastsTheLeaseIsExtended() throws InterruptedException {
    store.lease = Duration.ofMillis(30);
    scene.hold("a1");
    ScriptedSubscription member = start();
    member.deliver("a", "a1");
    String extended = "extend " + FIRST;
    Await.until("it is extended", () -> store.calls.stream().filter(extended::equals).count() > 3);
    store.fails = "extend";
    int asked = store.asked.get();
    Await.until("that it fails ends nothing", () -> store.asked.get() > asked + 2);
    store.fails = "";
    scene.release("a1");
    awaitAccepted(member, "a1");
    assertEquals(DONE, store.states);
  }

  @Test
  void aHandlerThatTheClosingInterruptsIsNotDoneHoweverItEnds() throws InterruptedException {
    CompletableFuture<Void> returned = new CompletableFuture<>();
    scene.builder.dedupe(store);
    ReliableConsumer consumer =
        scene.builder.start(
            message -> {
              try {
                new CompletableFuture<Void>().get();
              } catch (InterruptedException swallowed) {
                returned.complete(null);
              }
            });
    scene.broker.nextSubscription().deliver("a", "a1");
    Await.until("it is claimed", () -> store.states.containsKey(FIRST));
    assertEquals(1, consumer.close(Duration.ofMillis(20)).stillRunning());
    returned.join();
    Await.until("it is released", store.states::isEmpty);
  }

  @Test
  void aStageIsDoneOnceItCompletedAndReleasedIfItFailed() throws InterruptedException {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    scene.builder.dedupe(store).deadLetters("dead");
    try (ReliableConsumer consumer =
        scene.builder.startAsync(
            message ->
                message.text().equals("a1")
                    ? stage
                    : CompletableFuture.failedFuture(new Unprocessable("never")))) {
      assertEquals("billing", consumer.group());
      ScriptedSubscription member = scene.broker.nextSubscription();
      member.deliver("a", "a1");
      member.deliver("a", "a2");
      Await.until("it is claimed", () -> store.calls.contains("claim " + FIRST));
      assertEquals(List.of("claim " + FIRST), store.calls);
      stage.complete(null);
      scene.broker.nextSend().confirm();
      awaitAccepted(member, "a1", "a2");
      assertEquals(DONE, store.states);
      assertTrue(store.calls.contains("release " + SECOND), store.calls::toString);
    }
  }

  @Test
  void batchesAreRefused() {
    scene.builder.dedupe(store);
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> scene.builder.startBatches(2, batch -> {}));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("one by one"), said);
  }

  @Test
  void aStoreThatForgetsTooSoonIsRefused() {
    store.remembers = Duration.ofDays(7);
    IllegalStateException refused = assertThrows(IllegalStateException.class, this::start);
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("memory remembers a message for 7 d, but"), said);
  }
}
