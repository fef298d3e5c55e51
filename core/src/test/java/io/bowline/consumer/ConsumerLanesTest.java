// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.Gap;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lanes that come and go, subscriptions that break, numbers that are missing. */
@Timeout(60)
class ConsumerLanesTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void revokingWaitsForHandlersAndSettlesThemFirst() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    scene.awaitBegun("a1");
    List<String> acceptedByThen = new CopyOnWriteArrayList<>();
    AtomicReference<Thread> polling = new AtomicReference<>();
    CompletableFuture<Void> revoked =
        member.inPoll(
            () -> {
              polling.set(Thread.currentThread());
              member.listener().revoking(Set.of(0, 1));
              acceptedByThen.addAll(member.accepted());
            });
    Await.until(
        "revoking waits",
        () -> {
          Thread thread = polling.get();
          return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
        });
    assertFalse(revoked.isDone());
    scene.release("a1");
    revoked.join();
    assertEquals(List.of("a1"), acceptedByThen);
    Scene.turns(member, 2);
    assertEquals(List.of("a1"), scene.begun, "what had not begun stays for the next member");
  }

  @Test
  void revokingWaitsNoLongerThanAllowed() throws InterruptedException {
    scene.builder.leaveWithin(Duration.ofMillis(20));
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a");
    scene.awaitBegun("a");
    member.inPoll(() -> member.listener().revoking(Set.of(0, 1))).join();
    member.ours(delivery -> false);
    scene.release("a");
    Scene.turns(member, 2);
    assertEquals(List.of(), member.accepted());
  }

  @Test
  void revokingOneLaneWaitsForNoOther() throws InterruptedException {
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver(0, "a", "a", Map.of());
    scene.awaitBegun("a");
    member.inPoll(() -> member.listener().revoking(Set.of(1))).join();
    scene.release("a");
    awaitAccepted(member, "a");
  }

  @Test
  void lostDropsWhatHasNotBegun() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    member.deliver("a", "a2");
    scene.awaitBegun("a1");
    member
        .inPoll(
            () -> {
              member.listener().lost(Set.of(0, 1));
              member.ours(delivery -> delivery.position().equals("2"));
            })
        .join();
    scene.release("a1");
    member.inPoll(() -> member.listener().assigned(Set.of(0))).join();
    member.deliver("a", "a1 again");
    awaitAccepted(member, "a1 again");
    assertEquals(List.of("a1", "a1 again"), scene.begun);
  }

  @Test
  void aBrokenSubscriptionIsLeftAndTheGroupJoinedAnew() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    awaitAccepted(member, "a1");
    breaks(member, new TransportException(Verdict.UNKNOWN, "fenced"));
    ScriptedSubscription next = scene.broker.nextSubscription();
    assertTrue(member.isClosed());
    next.deliver("a", "a2");
    awaitAccepted(next, "a2");
    Scene.assertLeft(2, 0, 0, scene.consumer().close(Duration.ofSeconds(5)));
  }

  private static void breaks(ScriptedSubscription member, Throwable how) {
    CompletableFuture<Void> broken =
        member.inPoll(
            () -> {
              if (how instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) how;
            });
    Await.until("it broke", broken::isDone);
  }

  @Test
  void noErrorEndsThePollingForEver() throws InterruptedException {
    AtomicInteger joins = new AtomicInteger();
    ScriptedSubscription member = scene.start();
    scene.broker.subscribing(
        () -> {
          if (joins.getAndIncrement() == 0) {
            throw new NoClassDefFoundError("missing");
          }
        });
    breaks(member, new NoClassDefFoundError("missing"));
    ScriptedSubscription next = scene.broker.nextSubscription();
    next.deliver("a", "a1");
    awaitAccepted(next, "a1");
  }

  /** The handler of the broken subscription is still at work when its message comes again. */
  @Test
  void aKeyHasOneHandlerAtATimeAlsoAcrossAJoiningAnew() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    breaks(member, new TransportException(Verdict.UNKNOWN, "fenced"));
    ScriptedSubscription next = scene.broker.nextSubscription();
    next.deliver("a", "a1");
    next.deliver("b", "b1");
    awaitAccepted(next, "b1");
    Scene.turns(next, 3);
    assertEquals(1, scene.begun.stream().filter("a1"::equals).count());
    scene.release("a1");
    awaitAccepted(next, "b1", "a1");
  }

  @Test
  void aKeyHasOneHandlerAtATimeAlsoAcrossALaneLostAndWonBack() throws InterruptedException {
    scene.hold("a1");
    ScriptedSubscription member = scene.start();
    member.deliver("a", "a1");
    scene.awaitBegun("a1");
    member.inPoll(() -> member.listener().lost(Set.of(0, 1))).join();
    member.ours(delivery -> !delivery.position().equals("0"));
    member.inPoll(() -> member.listener().assigned(Set.of(0, 1))).join();
    member.deliver("a", "a1");
    member.deliver("b", "b1");
    awaitAccepted(member, "b1");
    assertEquals(1, scene.begun.stream().filter("a1"::equals).count());
    scene.release("a1");
    awaitAccepted(member, "b1", "a1");
  }

  @Test
  void aGapIsNamedThroughTheWholeConsumer() throws InterruptedException {
    List<Gap> gaps = new CopyOnWriteArrayList<>();
    scene.builder.onGap(
        gap -> {
          gaps.add(gap);
          throw new IllegalStateException("the listener fails");
        });
    ScriptedSubscription member = scene.start();
    member.deliver(0, "a", "1", stamp(1));
    member.deliver(0, "a", "2", stamp(2));
    member.deliver(0, "a", "3", stamp(3));
    member.deliver(0, "a", "6", stamp(6));
    awaitAccepted(member, "1", "2", "3", "6");
    Await.until("the gap is told", () -> !gaps.isEmpty());
    Gap gap = gaps.get(0);
    assertEquals(List.of("orders", "billing", "shop", "a"), names(gap));
    assertEquals(104, gap.from());
    assertEquals(105, gap.to());
    assertEquals(List.of(new Gap.KeyNumbers("a", 4, 5)), gap.keys());
    member.deliver(0, "a", "7", stamp(7));
    awaitAccepted(member, "1", "2", "3", "6", "7");
    assertEquals(1, gaps.size());
  }

  @Test
  void whereMembersShareLanesUntoldNothingIsTakenForMissing() throws InterruptedException {
    List<Gap> sharedGaps = new CopyOnWriteArrayList<>();
    List<Gap> gaps = new CopyOnWriteArrayList<>();
    try (Scene shared = new Scene()) {
      shared.broker.shareLanes();
      shared.builder.onGap(sharedGaps::add);
      scene.builder.onGap(gaps::add);
      for (ScriptedSubscription member : List.of(shared.start(), scene.start())) {
        member.deliver(0, "a", "1", stamp(1));
        member.deliver(0, "a", "2", stamp(2));
        member.deliver(0, "a", "3", stamp(3));
        member.deliver(0, "a", "5", stamp(5));
        awaitAccepted(member, "1", "2", "3", "5");
      }
      // It heard of the hole earlier, so its grace is over before the other one's.
      Await.until("the gap is told to the member that is alone", () -> !gaps.isEmpty());
      assertEquals(List.of(), sharedGaps);
    }
  }

  private static List<String> names(Gap gap) {
    return List.of(gap.topic(), gap.group(), gap.source(), gap.key().orElse("none"));
  }

  private static Map<String, String> stamp(long number) {
    KeyNumber ofKey = new KeyNumber(number, 0, false);
    LaneNumber ofLane = LaneNumber.of(0, number + 100);
    Stamp stamp = new Stamp("id-" + number, "shop", 1, ofKey, ofLane, Stamp.NO_DIGEST);
    return Map.of("bowline-stamp", StampCodec.write(stamp));
  }
}
