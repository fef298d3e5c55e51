// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pausing, resuming and limiting the rate. */
@Timeout(60)
class ConsumerFlowTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whilePausedNothingBeginsNorIsPolledAndPollsGoOn() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    scene.consumer().pause("the till is counted");
    assertTrue(scene.consumer().isPaused());
    Scene.turns(member, 2);
    member.deliver("k", "a");
    member.deliver(null, "b");
    Scene.turns(member, 5);
    assertEquals(0, member.handedOut());
    assertEquals(List.of(), scene.begun);
    scene.consumer().resume();
    assertFalse(scene.consumer().isPaused());
    Await.until("both are accepted", () -> member.accepted().size() == 2);
  }

  @Test
  void whatIsAtWorkIsFinishedAndAcceptedInAPauseWhatWaitsInMemoryIsNotBegun()
      throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("both arrived", () -> member.handedOut() == 2);
    scene.awaitBegun("a1");
    scene.consumer().pause();
    scene.release("a1");
    awaitAccepted(member, "a1");
    Scene.turns(member, 3);
    assertEquals(List.of("a1"), scene.begun);
    scene.consumer().resume();
    awaitAccepted(member, "a1", "a2");
  }

  @Test
  void aNextTryWaitsForTheEndOfThePause() throws InterruptedException {
    scene.hold("a");
    scene.fail("a", new IllegalStateException("first try"));
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    scene.consumer().pause();
    scene.release("a");
    Scene.turns(member, 5);
    assertEquals(List.of("a"), scene.begun);
    scene.consumer().resume();
    awaitAccepted(member, "a");
    assertEquals(List.of("a", "a"), scene.begun);
  }

  @Test
  void aPauseOutlastsTheSubscription() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    scene.consumer().pause();
    var broken =
        member.inPoll(
            () -> {
              throw new IllegalStateException("fenced");
            });
    assertThrows(RuntimeException.class, broken::join);
    ScriptedSubscription next = scene.broker.nextSubscription();
    next.deliver("k", "a");
    Scene.turns(next, 3);
    assertEquals(0, next.handedOut());
    scene.consumer().resume();
    awaitAccepted(next, "a");
  }

  @Test
  void whatWaitsInAPauseIsNotBegunIfItsLaneIsLostMeanwhile() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver(0, "a", "a1", Map.of());
    member.deliver(0, "a", "a2", Map.of());
    Await.until("both arrived", () -> member.handedOut() == 2);
    scene.awaitBegun("a1");
    scene.consumer().pause();
    scene.release("a1");
    awaitAccepted(member, "a1");
    member.inPoll(() -> member.listener().lost(Set.of(0))).join();
    scene.consumer().resume();
    member.deliver(0, "a", "a3", Map.of());
    awaitAccepted(member, "a1", "a3");
    assertEquals(List.of("a1", "a3"), scene.begun);
  }

  @Test
  void closingAPausedConsumerLeavesWhatWasNotBegun() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("both arrived", () -> member.handedOut() == 2);
    scene.awaitBegun("a1");
    scene.consumer().pause();
    scene.release("a1");
    awaitAccepted(member, "a1");
    DrainReport report = scene.consumer().close(Duration.ofSeconds(30));
    assertEquals(1, report.settled());
    assertEquals(1, report.returned());
    assertEquals(List.of("a1"), scene.begun);
  }

  @Test
  void keyedAndUnkeyedAreHandledNoFasterThanTheLimitAndAllOfThem() throws InterruptedException {
    scene.builder.rateLimit(100);
    ScriptedSubscription member = scene.start();
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      member.deliver(i % 2 == 0 ? "k" : null, "" + i);
    }
    Await.until("all are accepted", () -> member.accepted().size() == 20);
    // A burst of 10 at once, 10 more at 100 a second.
    assertTrue(System.nanoTime() - start >= 99_000_000L, "faster than the limit");
    assertEquals(20, scene.begun.size());
  }

  @Test
  void nonsenseIsRefused() throws InterruptedException {
    for (double bad : List.of(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY, 1_000_001.0)) {
      assertThrows(IllegalArgumentException.class, () -> scene.builder.rateLimit(bad));
    }
    ScriptedSubscription member = scene.start();
    assertThrows(IllegalArgumentException.class, () -> scene.consumer().pause(" "));
    member.deliver("k", "a");
    awaitAccepted(member, "a");
  }
}
