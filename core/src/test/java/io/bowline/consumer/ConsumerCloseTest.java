// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing drains, reports and leaves nothing behind. */
@Timeout(60)
class ConsumerCloseTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whatIsAtWorkIsFinishedAndAcceptedWhatIsNotBegunReturns() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("b", "b1");
    awaitAccepted(member, "b1");
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    Await.until("both arrived", () -> member.handedOut() == 3);
    scene.awaitBegun("a1");
    var report =
        CompletableFuture.supplyAsync(() -> scene.consumer().close(Duration.ofSeconds(30)));
    Scene.turns(member, 3);
    assertFalse(report.isDone());
    scene.release("a1");
    Scene.assertLeft(2, 1, 0, report.join());
    awaitAccepted(member, "b1", "a1");
    assertTrue(member.isClosed());
    Scene.assertLeft(2, 1, 0, scene.consumer().close(Duration.ZERO));
  }

  @Test
  void hungHandlersAreInterruptedWhenTheTimeIsOver() throws InterruptedException {
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    Scene.assertLeft(0, 1, 1, scene.consumer().close(Duration.ofMillis(20)));
    scene.interrupted.await();
    assertEquals(0, member.accepted().size());
  }

  @Test
  void whatIsLeftIsNamedByLaneAndIdWithWhatStillRunsFirst() throws InterruptedException {
    scene.hold("hangs");
    ScriptedSubscription member = scene.start();
    member.deliver(1, "a", "before", Map.of());
    awaitAccepted(member, "before");
    member.deliver(1, "b", "hangs", Map.of());
    scene.awaitBegun("hangs");
    member.deliver(0, "b", "waits", Map.of());
    member.deliver(1, "b", "waits too", Map.of());
    Await.until("all arrived", () -> member.handedOut() == 4);
    Scene.turns(member, 1);
    DrainReport report = scene.consumer().close(Duration.ofMillis(20));
    Scene.assertLeft(1, 3, 1, report);
    assertEquals(Map.of(0, 1, 1, 2), report.returnedByLane());
    assertEquals(new DrainReport.Left("orders/1/1", 1, "1", true), report.left().get(0));
    assertEquals(
        Set.of(
            new DrainReport.Left("orders/1/1", 1, "1", true),
            new DrainReport.Left("orders/0/2", 0, "2", false),
            new DrainReport.Left("orders/1/3", 1, "3", false)),
        Set.copyOf(report.left()));
  }

  @Test
  void aHundredOfWhatIsLeftAreNamedAndAllAreCounted() throws InterruptedException {
    scene.hold("0");
    ScriptedSubscription member = scene.start();
    for (int i = 0; i < DrainReport.MOST_LEFT + 50; i++) {
      member.deliver("k", "" + i);
    }
    Await.until("all arrived", () -> member.handedOut() == DrainReport.MOST_LEFT + 50);
    Scene.turns(member, 1);
    DrainReport report = scene.consumer().close(Duration.ZERO);
    assertEquals(DrainReport.MOST_LEFT + 50, report.returned());
    assertEquals(Map.of(0, DrainReport.MOST_LEFT + 50), report.returnedByLane());
    assertEquals(DrainReport.MOST_LEFT, report.left().size());
  }

  @Test
  void closingFromInsideAHandlerDoesNotWaitForItself() throws InterruptedException {
    AtomicReference<ReliableConsumer> own = new AtomicReference<>();
    AtomicReference<DrainReport> seen = new AtomicReference<>();
    ReliableConsumer consumer =
        scene.builder.start(
            message -> {
              Await.until("it is known", () -> own.get() != null);
              seen.set(Objects.requireNonNull(own.get()).close(Duration.ofSeconds(30)));
            });
    own.set(consumer);
    ScriptedSubscription member = scene.broker.nextSubscription();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    Scene.assertLeft(1, 0, 0, consumer.close(Duration.ofSeconds(30)));
    assertEquals(0, Objects.requireNonNull(seen.get()).returned());
  }

  /** A poll that throws while the consumer drains: what was done is accepted, the group is left. */
  @Test
  void aSubscriptionThatBreaksWhileDrainingIsLeftAllTheSame() throws InterruptedException {
    scene.hold("a2");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    scene.awaitBegun("a2");
    awaitAccepted(member, "a1");
    var report =
        CompletableFuture.supplyAsync(() -> scene.consumer().close(Duration.ofSeconds(30)));
    Scene.turns(member, 3);
    var unused =
        member.inPoll(
            () -> {
              throw new TransportException(Verdict.UNKNOWN, "fenced");
            });
    Scene.assertLeft(1, 1, 1, report.join());
    assertTrue(member.isClosed());
  }

  @Test
  void aLaneRevokedWhileDrainingIsWaitedFor() throws InterruptedException {
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver(0, "k", "a", Map.of());
    scene.awaitBegun("a");
    var report =
        CompletableFuture.supplyAsync(() -> scene.consumer().close(Duration.ofSeconds(30)));
    Scene.turns(member, 3);
    var revoked = member.inPoll(() -> member.listener().revoking(Set.of(0)));
    assertThrows(
        java.util.concurrent.TimeoutException.class,
        () -> revoked.get(50, java.util.concurrent.TimeUnit.MILLISECONDS));
    scene.release("a");
    revoked.join();
    awaitAccepted(member, "a");
    Scene.assertLeft(1, 0, 0, report.join());
  }

  @Test
  void closingWhileTheGroupIsJoinedAnewEndsAtOnce() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    scene.broker.subscribing(
        () -> {
          throw new TransportException(Verdict.UNKNOWN, "no broker");
        });
    var broken =
        member.inPoll(
            () -> {
              throw new TransportException(Verdict.UNKNOWN, "fenced");
            });
    Await.until("it broke", broken::isDone);
    Scene.assertLeft(0, 0, 0, scene.consumer().close(Duration.ofSeconds(30)));
  }

  @Test
  void aTopicThatDoesNotExistIsToldAtTheStart() {
    ConsumerBuilder builder = new ConsumerBuilder(scene.broker.connected(), "nowhere", "g");
    assertThrows(TransportException.class, () -> builder.start(message -> {}));
  }

  @Test
  void aClosedConsumerLeavesNoThread() throws InterruptedException {
    ConsumerBuilder builder =
        new ConsumerBuilder(scene.broker.connected(), "orders", "leaves-none");
    ReliableConsumer consumer = builder.deadLetters("dead").start(message -> {});
    ScriptedSubscription member = scene.broker.nextSubscription();
    member.deliver("k", "a");
    awaitAccepted(member, "a");
    consumer.close();
    Await.until(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("leaves-none")));
  }
}
