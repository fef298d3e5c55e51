// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogLevel.Change;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a backlog is high, and when it is low again. */
class BacklogLevelTest {
  private static final BacklogPolicy POLICY = BacklogPolicy.above(100).below(20);
  private static final BacklogView NOTHING_KNOWN =
      BacklogView.unknown("no answer", 0, Optional.empty());

  private static BacklogView left(long messages) {
    return view(Backlog.ofAll("orders", "billing", messages, Quality.EXACT));
  }

  private static BacklogView left(long messages, Duration age) {
    return view(Backlog.ofAll("orders", "billing", messages, Quality.EXACT).age(age));
  }

  private static BacklogView view(Backlog told) {
    return BacklogView.joined(told, Map.of(), Instant.EPOCH);
  }

  private static void assertChanges(BacklogLevel level, String expected, BacklogView... views) {
    StringBuilder changes = new StringBuilder();
    for (BacklogView view : views) {
      Change change = level.next(view);
      changes.append(change == Change.NONE ? '-' : change == Change.ROSE ? '/' : '\\');
    }
    assertEquals(expected, changes.toString());
  }

  @Test
  void itRisesAboveOneThresholdAndFallsAtTheOther() {
    assertChanges(new BacklogLevel(POLICY), "-/-\\", left(100), left(101), left(21), left(20));
  }

  @Test
  void whatHoversAboutAThresholdCrossesItOnce() {
    assertChanges(
        new BacklogLevel(POLICY), "/----", left(101), left(99), left(101), left(21), left(101));
    assertChanges(new BacklogLevel(POLICY), "---", left(19), left(99), left(21));
  }

  @Test
  void aLookThatLearnsNothingChangesNothing() {
    BacklogLevel level = new BacklogLevel(POLICY);
    assertChanges(level, "-", NOTHING_KNOWN);
    assertFalse(level.isHigh());
    assertChanges(level, "/---", left(101), NOTHING_KNOWN, NOTHING_KNOWN, NOTHING_KNOWN);
    assertTrue(level.isHigh());
    assertChanges(level, "\\", left(0));
  }

  @Test
  void nobodyReliesOnALevelThatWasNotLookedAtForLong() {
    BacklogLevel level = new BacklogLevel(POLICY);
    assertFalse(level.isSurelyHigh());
    assertChanges(level, "/--", left(101), NOTHING_KNOWN, NOTHING_KNOWN);
    assertTrue(level.isSurelyHigh());
    assertChanges(level, "-", NOTHING_KNOWN);
    assertFalse(level.isSurelyHigh());
    assertChanges(level, "-", left(50));
    assertTrue(level.isSurelyHigh(), "known again, between the thresholds");
  }

  @Test
  void ageRaisesItToo() {
    BacklogPolicy policy = POLICY.orOlderThan(Duration.ofSeconds(60));
    assertChanges(
        new BacklogLevel(policy),
        "-/--\\",
        left(5, Duration.ofSeconds(60)),
        left(5, Duration.ofSeconds(61)),
        left(5, Duration.ofSeconds(31)),
        left(21, Duration.ofSeconds(1)),
        left(5, Duration.ofSeconds(30)));
  }

  @Test
  void anAgeThatNobodyTellsIsNotYoungWhileSomethingIsLeft() {
    BacklogPolicy policy = BacklogPolicy.olderThan(Duration.ofSeconds(60));
    assertChanges(
        new BacklogLevel(policy), "-/-\\", left(5), left(5, Duration.ofDays(1)), left(5), left(0));
  }

  @Test
  void theLowerThresholdsAreHalfOfTheUpperIfNothingElseIsSaid() {
    assertEquals(50, BacklogPolicy.above(100).below());
    BacklogPolicy byAge = BacklogPolicy.olderThan(Duration.ofSeconds(60));
    assertEquals(Duration.ofSeconds(30), byAge.youngerThan());
    assertEquals(Duration.ofMinutes(10), byAge.drainWithin());
    assertChanges(new BacklogLevel(byAge), "--", left(1_000_000), left(Long.MAX_VALUE));
  }

  @Test
  void thresholdsTheWrongWayRoundAreRefused() {
    Duration minute = Duration.ofMinutes(1);
    BacklogPolicy policy = BacklogPolicy.above(10);
    assertThrows(IllegalArgumentException.class, () -> policy.below(11));
    assertThrows(IllegalArgumentException.class, () -> policy.below(-1));
    assertThrows(
        IllegalArgumentException.class,
        () -> BacklogPolicy.olderThan(minute).youngerThan(minute.multipliedBy(2)));
    assertThrows(IllegalArgumentException.class, () -> policy.drainWithin(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> BacklogPolicy.above(Long.MAX_VALUE));
  }
}
