// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the broker says is left for a group. */
abstract class BacklogConformance extends SharingConformance {
  private Backlog left(Place place) {
    return scene().transport().admin().backlog(place.topic(), place.group());
  }

  /** Waits until so many are left, as a broker may count a moment later. */
  private void awaitLeft(Place place, long messages) {
    scene()
        .await(
            messages + " to be left", () -> left(place).messages() == messages, () -> left(place));
  }

  private static void assertLanes(Map<Integer, Long> expected, Backlog left) {
    if (!left.lanes().isEmpty()) {
      assertEquals(expected, left.lanes(), left::toString);
    }
  }

  @Test
  final void whatNobodyReadIsLeft() {
    Place place = scene().place(3);
    assertEquals(0, left(place).messages());
    scene().store(place, 0, "a", "b", "c");
    scene().store(place, 2, "d");
    awaitLeft(place, 4);
    assertLanes(Map.of(0, 3L, 1, 0L, 2, 1L), left(place));
    assertEquals(place.topic(), left(place).topic());
    assertEquals(place.group(), left(place).group());
  }

  @Test
  final void whatIsAcceptedIsLeftNoMore() {
    Place place = scene().place(2);
    scene().store(place, 0, "a", "b");
    scene().store(place, 1, "c");
    awaitLeft(place, 3);
    scene().awaitTexts(scene().worker(place), "a", "b", "c");
    awaitLeft(place, 0);
    assertLanes(Map.of(0, 0L, 1, 0L), left(place));
  }

  @Test
  final void whatAMemberHoldsIsCountedOrSaidToBeLeftOut() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b", "c");
    Member holder = scene().holder(place);
    scene().awaitTexts(holder, "a", "b", "c");
    Backlog held = left(place);
    boolean whole = held.quality() == Quality.EXACT || held.quality() == Quality.AT_MOST;
    assertTrue(held.messages() <= 3 && (!whole || held.messages() == 3), held::toString);
    holder.close();
    awaitLeft(place, 3);
  }

  @Test
  final void eachGroupHasABacklogOfItsOwn() {
    Place place = scene().place(1, 2);
    scene().store(place, 0, "a", "b");
    scene().awaitTexts(scene().worker(place), "a", "b");
    awaitLeft(place, 0);
    awaitLeft(place.of(place.groups().get(1)), 2);
  }

  @Test
  final void askingTakesNothingAway() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b");
    awaitLeft(place, 2);
    awaitLeft(place, 2);
    scene().awaitTexts(scene().worker(place), "a", "b");
  }

  @Test
  final void theAgeOfTheOldestIsTrueOrNotTold() {
    Place place = scene().place(1);
    long sent = System.nanoTime();
    scene().store(place, 0, "a");
    long stored = System.nanoTime();
    awaitLeft(place, 1);
    long old = soon().dividedBy(2).toNanos();
    scene().await("it to grow old", () -> System.nanoTime() - stored > old, () -> "a young one");
    long asked = System.nanoTime();
    OptionalLong age = left(place).age().stream().mapToLong(Duration::toNanos).findFirst();
    if (age.isPresent()) {
      long slack = soon().dividedBy(4).toNanos();
      assertTrue(age.getAsLong() >= asked - stored - slack, "younger than it is: " + age);
      assertTrue(age.getAsLong() <= System.nanoTime() - sent + slack, "older than it is: " + age);
    }
    scene().awaitTexts(scene().worker(place), "a");
    awaitLeft(place, 0);
    assertTrue(left(place).age().isEmpty(), "nothing has no age");
  }

  @Test
  final void aMissingTopicHasNoBacklogAndIsNotMade() {
    Place nowhere = new Place(Scene.name(), List.of("nobody"));
    for (int time = 0; time < 2; time++) {
      TransportException refused = assertThrows(TransportException.class, () -> left(nowhere));
      assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
      assertTrue(String.valueOf(refused.getMessage()).contains(nowhere.topic()), refused::toString);
    }
  }

  @Test
  final void aGroupThatIsNotThereIsRefusedOrHasAll() {
    Place place = scene().place(1);
    scene().store(place, 0, "a", "b");
    Place stranger = place.of(place.topic() + "-stranger");
    for (int time = 0; time < 2; time++) {
      try {
        assertEquals(2, left(stranger).messages());
      } catch (TransportException refused) {
        assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.contains(stranger.group()), said);
      }
    }
  }

  @Test
  final void aBrokerThatHangsIsNotWaitedForLong() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(1);
    TransportConfig hasty = fixture().config().connectTimeout(soon()).confirmTimeout(soon());
    Transport transport = scene().connect(hasty);
    assertEquals(0, transport.admin().backlog(place.topic(), place.group()).messages());
    broker.pause();
    long start = System.nanoTime();
    TransportException failure =
        assertThrows(
            TransportException.class,
            () -> transport.admin().backlog(place.topic(), place.group()));
    assertWithin(start, soon().plus(SLACK), "asking a paused broker");
    assertFalse(failure.verdict() == Verdict.REFUSED, failure::toString);
  }
}
