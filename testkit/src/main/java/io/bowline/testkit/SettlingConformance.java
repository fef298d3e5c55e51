// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of deliveries that are accepted, released or left alone. */
abstract class SettlingConformance extends SendingConformance {
  /** How long a lane may take to go to a member that joins, where lanes go at all. */
  static final Duration REBALANCE = Duration.ofSeconds(10);

  @Test
  final void acceptedDoesNotComeBack() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b");
    Member first = scene().worker(place);
    scene().awaitTexts(first, "a", "b");
    first.close();
    assertOnlySentinelIsLeft(place);
  }

  @Test
  final void unsettledGoesToTheNextMember() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b", "c");
    Member first = scene().holder(place);
    scene().awaitTexts(first, "a", "b", "c");
    assertTrue(first.accept(first.latest("b")));
    first.close();
    scene().awaitTexts(scene().worker(place), "a", "c");
  }

  @Test
  final void releasedComesBackNotBeforeItsDelay() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    Member member = scene().holder(place);
    scene().awaitTexts(member, "a");
    Arrival first = member.latest("a");
    long releasedAt = System.nanoTime();
    assertTrue(member.release(first, Duration.ofSeconds(2)));
    scene().await("a to come back", () -> member.count("a") == 2, member::texts);
    long waited = NANOSECONDS.toMillis(member.latest("a").nanos() - releasedAt);
    assertTrue(waited >= 1_950, "came back after " + waited + " ms instead of 2 s");
    assertFalse(member.accept(first), "the first arrival was settled by its release");
    assertTrue(member.accept(member.latest("a")));
    member.close();
    assertOnlySentinelIsLeft(place);
  }

  @Test
  final void releasingOneMovesNoOther() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b", "c");
    Member member = scene().holder(place);
    scene().awaitTexts(member, "a", "b", "c");
    assertTrue(member.release(member.latest("b"), Duration.ofMillis(500)));
    scene().await("b to come back", () -> member.count("b") == 2, member::texts);
    for (String text : List.of("a", "b", "c")) {
      assertTrue(member.accept(member.latest(text)), text + " is ours and unsettled");
    }
    assertEquals(1, member.count("a"), "arrivals of a");
    assertEquals(1, member.count("c"), "arrivals of c");
    member.close();
    assertOnlySentinelIsLeft(place);
  }

  @Test
  final void acceptingALaterOneDoesNotAcceptAnEarlierOne() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b", "c");
    Member member = scene().holder(place);
    scene().awaitTexts(member, "a", "b", "c");
    assertTrue(member.accept(member.latest("c")));
    assertTrue(member.accept(member.latest("b")));
    member.close();
    scene().awaitTexts(scene().worker(place), "a");
  }

  @Test
  final void aDeliverySettlesOnce() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b");
    Member member = scene().holder(place);
    scene().awaitTexts(member, "a", "b");
    Arrival a = member.latest("a");
    assertTrue(member.accept(a), "accepted once");
    assertFalse(member.accept(a), "accepted twice");
    assertFalse(member.release(a, Duration.ZERO), "released after it was accepted");
    Arrival b = member.latest("b");
    assertTrue(member.release(b, Duration.ofMillis(500)), "released once");
    assertFalse(member.release(b, Duration.ZERO), "released twice");
    assertFalse(member.accept(b), "accepted after it was released");
    scene().await("b to come back", () -> member.count("b") == 2, member::texts);
    assertEquals(1, member.count("a"), "arrivals of a");
  }

  @Test
  final void settlingAfterOwnershipWasLostReturnsFalse() {
    Place place = scene().place(4);
    for (int lane = 0; lane < 4; lane++) {
      scene().store(place, lane, "lane " + lane);
    }
    Member first = scene().holder(place);
    scene().awaitTexts(first, "lane 0", "lane 1", "lane 2", "lane 3");
    scene().worker(place);
    // A broker that never takes a lane from a living member has none to lose here.
    boolean moved = scene().holdsWithin(REBALANCE, () -> !first.gone().isEmpty());
    for (int lane : moved ? first.gone() : Set.<Integer>of()) {
      assertFalse(first.accept(first.latest("lane " + lane)), "lane " + lane + " is gone");
    }
    int kept = IntStream.range(0, 4).filter(i -> !first.gone().contains(i)).findFirst().orElse(0);
    assertFalse(first.acceptAfterLeaving(first.latest("lane " + kept)), "it left the group");
  }

  @Test
  final void acceptedWhileRevokingDoesNotComeBack() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    AtLastMoment listener = new AtLastMoment();
    Subscription subscription = scene().transport().subscribe(place.spec(), listener);
    listener.hold(subscription, scene().awaitDelivery(subscription));
    subscription.close();
    if (listener.accepted()) {
      assertOnlySentinelIsLeft(place);
    } else {
      scene().awaitTexts(scene().worker(place), "a");
    }
  }

  @Test
  final void attemptsNeverFall() {
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    Member member = scene().holder(place);
    for (int arrival = 1; arrival <= 4; arrival++) {
      int expected = arrival;
      scene().await("a again", () -> member.count("a") >= expected, member::texts);
      assertTrue(member.release(member.latest("a"), Duration.ZERO));
    }
    int previous = 1;
    for (Arrival arrival : member.arrivals()) {
      int attempt = arrival.delivery().attempt();
      assertTrue(attempt >= previous, "attempt " + attempt + " came after " + previous);
      previous = attempt;
    }
  }

  /** Shows that all else was settled: what comes after it in the lane is all that comes. */
  final void assertOnlySentinelIsLeft(Place place) {
    scene().store(place, 0, "sentinel");
    Member next = scene().holder(place);
    scene().awaitTexts(next, "sentinel");
    assertEquals(List.of("sentinel"), next.texts());
  }
}
