// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static io.bowline.gap.Numbered.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What watermarks tell a detector. */
class WatermarksTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private final GapDetector detector = new GapDetector("orders", "billing", GRACE);
  private long now = 1_000_000;

  private void arrive(long... numbers) {
    for (long number : numbers) {
      detector.arrived(0, USUAL.at(number), false, now);
    }
  }

  private void mark(LaneNumber number) {
    detector.marked(0, new Watermark("shop", 7, number, 0, 1_000, false), false, now);
  }

  private void mark(long number) {
    mark(LaneNumber.of(0, number));
  }

  private void last(long number) {
    detector.marked(
        0, new Watermark("shop", 7, LaneNumber.of(0, number), 0, 1_000, true), false, now);
  }

  private void somethingOfTheLaneWasSaved() {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    ChainState other =
        new ChainState(
            "kept", 1, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
    detector.restore(0, List.of(other), now);
  }

  private List<String> afterGrace() {
    now += GRACE.toMillis();
    return told();
  }

  private List<String> told() {
    return detector.due(now).stream()
        .map(gap -> gap.state() + " " + gap.from() + "-" + gap.to())
        .toList();
  }

  @Test
  void theTailOfAChainIsMissed() {
    arrive(1, 2, 3);
    mark(6);
    assertEquals(List.of(), told(), "they may come late");
    assertEquals(List.of("GAP 4-5"), afterGrace());
    mark(6);
    assertEquals(List.of(), afterGrace(), "once");
    arrive(6);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void itTakesNoNumber() {
    arrive(1, 2, 3);
    mark(4);
    arrive(4);
    mark(5);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatComesLateFillsIt() {
    arrive(1, 2, 3);
    mark(5);
    arrive(4);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatItSaysOfVoidedNumbersCounts() {
    arrive(1, 2, 3);
    mark(new LaneNumber(0, 7, 0, List.of(new Range(4, 5)), 0, LaneNumber.NOT_KNOWN));
    assertEquals(List.of("GAP 6-6"), afterGrace());
  }

  @Test
  void whatItDoesNotPromiseIsNotMissed() {
    arrive(1, 2, 3);
    mark(new LaneNumber(0, 9, 4, List.of(), 0, LaneNumber.NOT_KNOWN));
    assertEquals(List.of("GAP 4-4"), afterGrace());
  }

  @Test
  void whatWasUnderWayWithTheWatermarkThatMakesAChainKnownIsNotMissed() {
    arrive(4, 5);
    mark(new LaneNumber(0, 9, 3, List.of(), 0, LaneNumber.NOT_KNOWN));
    arrive(8, 9);
    assertEquals(List.of(), afterGrace());
    mark(12);
    assertEquals(List.of("GAP 10-11"), afterGrace());
  }

  @Test
  void aChainMetByItsWatermarkAsksForNothingBefore() {
    mark(5);
    arrive(5, 6);
    mark(7);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void twoMessagesAndTheirWatermarkAreEnoughToKnowAChain() {
    arrive(1, 2);
    mark(3);
    mark(5);
    assertEquals(List.of("GAP 3-4"), afterGrace());
  }

  @Test
  void aWatermarkThatCameBeforeMakesNothingSure() {
    arrive(1, 2);
    Watermark mark = new Watermark("shop", 7, LaneNumber.of(0, 3), 0, 1_000, false);
    detector.marked(0, mark, true, now);
    mark(LaneNumber.of(0, 5));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aNewChainThatIsLostFromItsBeginningIsMissedWhereAllOthersWereSaved() {
    somethingOfTheLaneWasSaved();
    mark(new LaneNumber(0, 4, 0, List.of(), 1, LaneNumber.NOT_KNOWN));
    assertEquals(List.of("GAP 1-3"), afterGrace());
  }

  @Test
  void theFirstMessagesOfANewChainAreMissedWhereAllOthersWereSaved() {
    somethingOfTheLaneWasSaved();
    detector.arrived(
        0, USUAL.at(new LaneNumber(0, 4, 1, List.of(), 1, LaneNumber.NOT_KNOWN)), false, now);
    assertEquals(List.of("GAP 1-2"), afterGrace());
    arrive(5);
    assertEquals(List.of("GAP 3-3"), afterGrace());
  }

  @Test
  void anotherLanesWatermarkSaysNothing() {
    arrive(1, 2, 3);
    Watermark moved = new Watermark("shop", 7, LaneNumber.of(1, 9), 0, 1_000, false);
    detector.marked(0, moved, false, now);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aChainThatFallsSilentIsToldOnceAndAgainAfterItSpoke() {
    mark(1);
    Instant heard = Instant.ofEpochMilli(now);
    now += 1_999;
    assertEquals(List.of(), detector.silent(now));
    now++;
    Silence silence = detector.silent(now).get(0);
    assertEquals(new Gap.Chain("orders", "billing", "shop", 7, 0), silence.chain());
    assertEquals(heard, silence.lastHeard());
    assertEquals(Duration.ofSeconds(1), silence.within());
    now += 60_000;
    assertEquals(List.of(), detector.silent(now));
    mark(1);
    now += 2_000;
    assertFalse(detector.silent(now).isEmpty());
  }

  @Test
  void aMessageBreaksTheSilence() {
    mark(1);
    now += 1_500;
    arrive(1);
    now += 1_500;
    assertEquals(List.of(), detector.silent(now));
  }

  @Test
  void aChainThatEndedOrWhoseLaneIsGoneIsNotExpected() {
    mark(1);
    last(1);
    now += 60_000;
    assertEquals(List.of(), detector.silent(now));
    mark(1);
    detector.forget(Set.of(0));
    now += 60_000;
    assertEquals(List.of(), detector.silent(now));
  }
}
