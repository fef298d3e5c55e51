// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogView.Lane;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the broker says and what a member holds, put together. */
class BacklogViewTest {
  private static final Instant NOW = Instant.ofEpochMilli(100_000);

  /** In lane 1: three messages, of which the oldest is 40 s old. */
  private static final Map<Integer, HeldLane> HELD =
      Map.of(1, new HeldLane(3, OptionalLong.of(60_000)));

  private static Backlog told(Quality quality) {
    return Backlog.ofLanes("orders", "billing", Map.of(0, 5L, 1, 10L), quality);
  }

  private static Lane lane(long messages, Quality quality) {
    return new Lane(messages, quality, Optional.empty(), 0);
  }

  private static Lane withHeld(long messages, Quality quality) {
    return new Lane(messages, quality, Optional.of(Duration.ofSeconds(40)), 3);
  }

  @Test
  void whatIsHeldIsPartOfANumberThatCountsAll() {
    for (Quality quality : new Quality[] {Quality.EXACT, Quality.AT_MOST, Quality.ESTIMATE}) {
      BacklogView view = BacklogView.joined(told(quality), HELD, NOW);
      assertEquals(15, view.messages().orElseThrow());
      assertEquals(quality, view.quality());
      assertEquals(Map.of(0, lane(5, quality), 1, withHeld(10, quality)), view.lanes());
      assertEquals(3, view.held());
      assertEquals(Optional.of(NOW), view.at());
    }
  }

  @Test
  void whatIsHeldIsAddedWhereTheBrokerLeavesItOut() {
    BacklogView view = BacklogView.joined(told(Quality.AT_LEAST), HELD, NOW);
    assertEquals(18, view.messages().orElseThrow());
    assertEquals(
        Map.of(0, lane(5, Quality.AT_LEAST), 1, withHeld(13, Quality.AT_LEAST)), view.lanes());
  }

  @Test
  void whereTheBrokerDoesNotCountByLaneWhatIsHeldIsTheLeastOfItsLane() {
    Backlog told = Backlog.ofAll("orders", "billing", 15, Quality.AT_MOST);
    BacklogView view = BacklogView.joined(told, HELD, NOW);
    assertEquals(15, view.messages().orElseThrow());
    assertEquals(Quality.AT_MOST, view.quality());
    assertEquals(Map.of(1, withHeld(3, Quality.AT_LEAST)), view.lanes());
  }

  @Test
  void theBrokersAgeGoesBeforeThatOfWhatIsHeld() {
    Backlog told = told(Quality.AT_MOST);
    assertEquals(Optional.of(Duration.ofSeconds(40)), BacklogView.joined(told, HELD, NOW).age());
    BacklogView older = BacklogView.joined(told.age(Duration.ofSeconds(90)), HELD, NOW);
    assertEquals(Optional.of(Duration.ofSeconds(90)), older.age());
    assertEquals(Optional.empty(), BacklogView.joined(told, Map.of(), NOW).age());
  }

  @Test
  void aClockThatIsAheadMakesNoNegativeAge() {
    Map<Integer, HeldLane> fromTheFuture = Map.of(1, new HeldLane(1, OptionalLong.of(200_000)));
    BacklogView view = BacklogView.joined(told(Quality.EXACT), fromTheFuture, NOW);
    assertEquals(Optional.of(Duration.ZERO), view.age());
  }

  @Test
  void whatIsUnknownHasNoNumberAndSaysWhy() {
    BacklogView view = BacklogView.unknown("no answer", 3, Optional.of(NOW));
    assertFalse(view.isKnown());
    assertTrue(view.messages().isEmpty() && view.lanes().isEmpty());
    assertEquals(Quality.UNKNOWN, view.quality());
    assertEquals("no answer", view.trouble());
    assertEquals(3, view.held());
  }
}
