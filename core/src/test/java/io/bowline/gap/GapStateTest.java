// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static io.bowline.gap.Numbered.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a detector knows, given to the next one. */
class GapStateTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private GapDetector detector = fresh();
  private long now = 1_000_000;

  GapStateTest() {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    ChainState other =
        new ChainState(
            "kept", 1, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
    detector.restore(0, List.of(other), now);
  }

  private static GapDetector fresh() {
    return new GapDetector("orders", "billing", GRACE);
  }

  private void arrive(long... numbers) {
    for (long number : numbers) {
      detector.arrived(0, USUAL.at(number), false, now);
    }
  }

  private void complete(long... numbers) {
    for (long number : numbers) {
      detector.completed(0, USUAL.at(number), false);
    }
  }

  private void done(long... numbers) {
    for (long number : numbers) {
      arrive(number);
      complete(number);
    }
  }

  private boolean isCompleted(long number) {
    return detector.isCompleted(0, USUAL.at(number));
  }

  /** Saves, and goes on with another detector. */
  private void restart() {
    Map<Integer, List<ChainState>> saved = detector.takeChanged();
    detector = fresh();
    detector.restore(0, saved.getOrDefault(0, List.of()), now);
  }

  private List<String> told() {
    return detector.due(now).stream()
        .map(gap -> gap.state() + " " + gap.from() + "-" + gap.to())
        .toList();
  }

  private List<String> afterGrace() {
    now += GRACE.toMillis();
    return told();
  }

  @Test
  void itGoesOnWhereItWas() {
    done(1, 2, 3);
    restart();
    arrive(5);
    assertEquals(List.of("GAP 4-4"), afterGrace());
  }

  @Test
  void whatHadArrivedAndWasNotCompletedMayComeAgain() {
    done(1, 2);
    arrive(3, 4, 5);
    complete(4);
    restart();
    assertEquals(List.of(), afterGrace());
    assertEquals(Sight.LATE, detector.arrived(0, USUAL.at(3), true, now));
    assertEquals(Sight.DUPLICATE, detector.arrived(0, USUAL.at(4), true, now));
    assertEquals(Sight.IN_ORDER, detector.arrived(0, USUAL.at(5), true, now));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatHadArrivedFarAheadMayComeAgainToo() {
    done(1, 2);
    long far = 3 + Completed.WINDOW;
    for (long number = 3; number < far + 100; number++) {
      arrive(number);
    }
    arrive(far + 110);
    restart();
    assertEquals(Sight.LATE, detector.arrived(0, USUAL.at(3), true, now));
    assertEquals(Sight.LATE, detector.arrived(0, USUAL.at(far + 50), true, now));
    assertFalse(isCompleted(far + 50));
  }

  @Test
  void whatHadArrivedAndIsLostBeforeItWasCompletedIsTold() {
    done(1, 2);
    arrive(3, 4);
    complete(4);
    restart();
    arrive(5);
    assertEquals(List.of("GAP 3-3"), afterGrace());
  }

  @Test
  void aGapThatWasToldIsNotToldAgainAndStaysOpen() {
    done(1, 2, 4);
    assertEquals(List.of("GAP 3-3"), afterGrace());
    restart();
    arrive(5);
    assertEquals(List.of(), afterGrace());
    assertEquals(1, detector.open().size());
    arrive(3);
    assertEquals(List.of("FILLED 3-3"), told());
  }

  @Test
  void whatAWatermarkPromisedStaysPromised() {
    done(1, 2);
    detector.arrived(0, USUAL.open(4, 1), false, now);
    complete(4);
    restart();
    assertEquals(List.of(), afterGrace(), "3 may still come");
    Watermark mark = new Watermark("shop", 7, LaneNumber.of(0, 4), 0, 1_000, false);
    detector.marked(0, mark, false, now);
    restart();
    assertEquals(List.of("GAP 3-3"), afterGrace());
  }

  @Test
  void whatAWatermarkVoidedIsNotMissedAfterwards() {
    done(1, 2);
    LaneNumber below = new LaneNumber(0, 4, 0, List.of(new Range(3, 3)), 0, LaneNumber.NOT_KNOWN);
    detector.marked(0, new Watermark("shop", 7, below, 0, 1_000, false), false, now);
    restart();
    arrive(4);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aSuspicionIsCarriedOn() {
    done(1, 2, 4);
    restart();
    assertEquals(List.of("GAP 3-3"), afterGrace());
  }

  @Test
  void whatIsExplainedIsNeverTakenForCompleted() {
    done(1, 2);
    detector.arrived(0, USUAL.open(5, 0, new Range(3, 4)), false, now);
    complete(5);
    assertFalse(isCompleted(3));
    assertTrue(isCompleted(5));
    restart();
    assertFalse(isCompleted(3));
    assertEquals(Sight.LATE, detector.arrived(0, USUAL.at(3), false, now));
    assertFalse(isCompleted(3), "it came, and is not completed yet");
    complete(3);
    assertTrue(isCompleted(3));
    assertFalse(isCompleted(4));
    assertEquals(Sight.DUPLICATE, detector.arrived(0, USUAL.at(3), false, now));
  }

  @Test
  void aGapIsNeverTakenForCompletedHoweverFarTheChainGoesOn() {
    done(1, 2);
    for (long number = 4; number < 3 * Completed.WINDOW; number++) {
      done(number);
    }
    assertEquals(List.of("GAP 3-3"), afterGrace());
    assertFalse(isCompleted(3));
    restart();
    assertFalse(isCompleted(3));
    assertTrue(isCompleted(4));
    arrive(3);
    assertEquals(List.of("FILLED 3-3"), told());
  }

  @Test
  void whatWasSetAsideAndWhatCameTwiceIsCounted() {
    done(1, 2);
    arrive(3, 4, 2);
    detector.completed(0, USUAL.at(3), true);
    detector.completed(0, USUAL.at(4), true);
    restart();
    arrive(1);
    done(5);
    ChainState.Counts counts = state().counts();
    assertEquals(List.of(new Range(3, 4)), counts.setAside());
    assertEquals(2, counts.duplicates());
    assertTrue(isCompleted(3), "a dead letter is an end, too");
  }

  @Test
  void theHighestNumbersSetAsideAreKept() {
    for (long number = 1; number <= 2 * Done.MAX_SPANS + 2; number++) {
      arrive(number);
      detector.completed(0, USUAL.at(number), number % 2 == 0);
    }
    List<Range> kept = state().counts().setAside();
    assertEquals(Done.MAX_SPANS, kept.size());
    assertEquals(new Range(4, 4), kept.get(0));
  }

  private ChainState state() {
    return detector.takeChanged().getOrDefault(0, List.of()).get(0);
  }

  @Test
  void whatIsNotYetSureStaysSo() {
    detector = fresh();
    detector.restore(0, List.of(), now);
    done(5); // perhaps a late copy
    restart();
    arrive(90);
    assertEquals(List.of(), afterGrace());
  }
}
