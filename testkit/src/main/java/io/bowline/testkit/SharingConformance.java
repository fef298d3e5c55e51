// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Delivery;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How the members of groups share what there is, and how they poll. */
abstract class SharingConformance extends SettlingConformance {

  @Test
  final void everyGroupSeesEveryMessage() {
    Place place = scene().place(2, 2);
    scene().store(place, 0, "a", "b");
    scene().store(place, 1, "c", "d");
    for (String group : place.groups()) {
      scene().awaitTexts(scene().worker(place.of(group)), "a", "b", "c", "d");
    }
  }

  @Test
  final void twoMembersShareWithoutLoss() {
    Place place = scene().place(4);
    scene().worker(place);
    scene().worker(place);
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sends.add(scene().sendKeyed(place, "k" + i, "m" + i));
    }
    sends.forEach(scene()::confirmed);
    scene()
        .await("100 messages", () -> scene().firstArrivals().size() == 100, scene()::firstArrivals);
  }

  @Test
  final void bothMembersGetWork() {
    Place place = scene().place(4);
    Member one = scene().worker(place);
    Member other = scene().worker(place);
    Round round = new Round(scene(), place);
    round.untilHolds(
        scene().patience(), () -> !one.arrivals().isEmpty() && !other.arrivals().isEmpty());
    assertFalse(one.arrivals().isEmpty(), "the first member got nothing");
    assertFalse(other.arrivals().isEmpty(), "the second member got nothing");
  }

  @Test
  final void aCrashedMembersMessagesMoveOn() {
    Place place = scene().place(1);
    List<String> all = List.of("a", "b", "c", "d", "e", "f");
    scene().store(place, 0, all.toArray(String[]::new));
    OtherMember doomed = scene().otherMember(place, 2);
    scene()
        .await(
            "another process to be in mid-work",
            () -> doomed.settled().size() == 2 && doomed.received().size() > 2,
            () -> doomed);
    doomed.kill();
    Member next = scene().worker(place);
    scene().awaitTexts(next, "c", "d", "e", "f");
    assertEquals(List.of("a", "b"), doomed.settled());
    assertEquals(List.of("c", "d", "e", "f"), scene().firstArrivals(), "settled comes no more");
  }

  @Test
  final void aSlowHandlerKeepsItsLanes() {
    Place place = scene().place(2);
    scene().store(place, 0, "a");
    scene().store(place, 1, "b");
    Member slow = scene().holder(place);
    scene().awaitTexts(slow, "a", "b");
    slow.want(0);
    Duration longer = fixture().lease().multipliedBy(3).dividedBy(2);
    boolean disturbed = scene().holdsWithin(longer, () -> slow.arrivals().size() > 2);
    assertFalse(disturbed, () -> "something came while nothing was wanted: " + slow.texts());
    assertTrue(slow.accept(slow.latest("a")), "a is still ours");
    assertTrue(slow.accept(slow.latest("b")), "b is still ours");
    slow.close();
    assertOnlySentinelIsLeft(place);
  }

  @Test
  final void joiningAndLeavingMidStreamLosesNothingAndKeepsOrder() {
    Place place = scene().place(4);
    Member first = scene().worker(place);
    Round round = new Round(scene(), place);
    round.untilHolds(scene().patience(), () -> first.arrivals().size() >= 20);
    Member second = scene().worker(place);
    round.untilHolds(REBALANCE, () -> second.arrivals().size() >= 20);
    first.close();
    int before = second.arrivals().size();
    round.untilHolds(scene().patience(), () -> second.arrivals().size() >= before + 20);
    scene()
        .await(
            "all of " + round.sent().size(),
            () -> scene().firstArrivals().size() >= round.sent().size(),
            () -> scene().firstArrivals().size() + " of them");
    assertEquals(Round.byKey(round.sent()), Round.byKey(scene().firstArrivals()));
  }

  @Test
  final void lanesAreAssignedBeforeTheirDeliveries() {
    Place place = scene().place(4);
    scene().worker(place);
    Round round = new Round(scene(), place);
    round.untilHolds(scene().patience(), () -> scene().seen().size() >= 20);
    Member second = scene().worker(place);
    round.untilHolds(REBALANCE, () -> second.arrivals().size() >= 20);
    for (Arrival arrival : scene().seen()) {
      assertTrue(arrival.term().held(), () -> arrival + " came by a lane that was not assigned");
    }
  }

  @Test
  final void whoHoldsLanesAloneMissesNothingOfThem() {
    Place place = scene().place(4);
    Member first = scene().worker(place);
    Assumptions.assumeTrue(
        first.call(Subscription::holdsLanesAlone),
        "Nothing to show: whoHoldsLanesAloneMissesNothingOfThem: here members share lanes untold");
    Round round = new Round(scene(), place);
    round.untilHolds(scene().patience(), () -> first.arrivals().size() >= 20);
    Member second = scene().worker(place);
    round.untilHolds(REBALANCE, () -> second.arrivals().size() >= 20);
    second.close();
    round.untilHolds(REBALANCE, () -> first.count(round.sent().get(round.sent().size() - 1)) > 0);
    assertEquals(List.of(), Round.holes(first.arrivals()), "holes the first member saw");
    assertEquals(List.of(), Round.holes(second.arrivals()), "holes the second member saw");
  }

  /** Longer than what a lost member held takes to come again, where lanes are not taken whole. */
  @Test
  final void latenessIsPositiveBoundedAndNeverChanges() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    try (Subscription subscription = subscribe(place)) {
      Duration before = subscription.lateness();
      scene().awaitOne(subscription);
      assertEquals(before, subscription.lateness());
      assertTrue(before.toMillis() > 0, before::toString);
      assertTrue(before.compareTo(fixture().patience()) <= 0, before::toString);
      if (subscription.handsOutInTurns()) {
        assertTrue(before.compareTo(fixture().lease()) > 0, before::toString);
      }
    }
  }

  @Test
  final void pollNeverExceedsItsMax() {
    Place place = scene().place(2);
    scene().store(place, 0, Samples.texts("a", 20));
    scene().store(place, 1, Samples.texts("b", 20));
    Set<String> got = new TreeSet<>();
    try (Subscription subscription = subscribe(place)) {
      scene()
          .await(
              "40 messages",
              () -> got.addAll(pollAtMost(subscription, 3)) && got.size() == 40,
              got::size);
    }
  }

  private static List<String> pollAtMost(Subscription subscription, int max) {
    List<Delivery> some = subscription.poll(max, Duration.ofMillis(100));
    assertTrue(some.size() <= max, some.size() + " deliveries instead of at most " + max);
    some.forEach(subscription::accept);
    return some.stream().map(delivery -> new String(delivery.body(), UTF_8)).toList();
  }

  @Test
  final void pollOfZeroReturnsNone() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b");
    try (Subscription subscription = subscribe(place)) {
      scene().awaitOne(subscription);
      for (int i = 0; i < 10; i++) {
        assertEquals(List.of(), subscription.poll(0, Duration.ofMillis(100)));
      }
      scene().awaitOne(subscription);
    }
  }

  @Test
  final void pollKeepsItsTimeout() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    try (Subscription subscription = subscribe(place)) {
      scene().awaitOne(subscription);
      long start = System.nanoTime();
      assertEquals(List.of(), subscription.poll(10, Duration.ZERO));
      assertWithin(start, Duration.ofSeconds(2), "a poll without timeout");
      start = System.nanoTime();
      assertEquals(List.of(), subscription.poll(10, Duration.ofSeconds(1)));
      long waited = NANOSECONDS.toMillis(System.nanoTime() - start);
      assertTrue(waited >= 500, "a poll of 1 s gave up after " + waited + " ms");
      assertWithin(start, Duration.ofSeconds(3), "a poll of 1 s");
    }
  }

  @Test
  final void anInterruptEndsThePollAndStaysSet() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    try (Subscription subscription = subscribe(place)) {
      scene().awaitOne(subscription);
      Thread poller = Thread.currentThread();
      CompletableFuture<Void> alarm =
          CompletableFuture.runAsync(
              poller::interrupt, CompletableFuture.delayedExecutor(300, MILLISECONDS));
      long start = System.nanoTime();
      subscription.poll(10, Duration.ofSeconds(20));
      alarm.join();
      assertTrue(Thread.interrupted(), "the flag was cleared");
      assertWithin(start, Duration.ofSeconds(5), "an interrupted poll");
      scene().store(place, 0, "b");
      scene().awaitOne(subscription);
    } finally {
      boolean cleared = Thread.interrupted();
      assertFalse(cleared, "an interrupt came late");
    }
  }

  private Subscription subscribe(Place place) {
    return scene().transport().subscribe(place.spec(), new Indifferent());
  }
}
