// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static io.bowline.gap.Numbered.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Received;
import io.bowline.message.Stamp.KeyNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GapDetectorTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private final GapDetector detector = new GapDetector("orders", "billing", GRACE);
  private long now = 1_000_000;

  /** Of its lanes something was kept, so that a chain which was not is new. */
  GapDetectorTest() {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    for (int lane = 0; lane < 2; lane++) {
      ChainState other =
          new ChainState(
              "kept",
              1,
              extent,
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              ChainState.Counts.NONE);
      detector.restore(lane, List.of(other), now);
    }
  }

  private Sight arrives(Received message) {
    return detector.arrived(message.origin().lane(), message, false, now);
  }

  private void arrive(long... numbers) {
    for (long number : numbers) {
      arrives(USUAL.at(number));
    }
  }

  private List<String> told() {
    return detector.due(now).stream()
        .map(gap -> gap.state() + " " + gap.from() + "-" + gap.to() + gap.keys())
        .toList();
  }

  private List<String> afterGrace() {
    now += GRACE.toMillis();
    return told();
  }

  @Test
  void aGapIsNamedAfterTheGraceAndInFull() {
    arrive(1, 2, 5);
    long seen = now;
    now += GRACE.toMillis() - 1;
    assertEquals(List.of(), detector.due(now));
    now++;
    Gap.Chain chain = new Gap.Chain("orders", "billing", "shop", 7, 0);
    Gap gap = new Gap(chain, 3, 4, List.of(), Instant.ofEpochMilli(seen), State.GAP);
    assertEquals(List.of(gap), detector.due(now));
    assertEquals(List.of(), detector.due(now));
    assertEquals(List.of(gap), detector.open());
  }

  @Test
  void whatComesLateWithinTheGraceIsNoGap() {
    arrive(1, 2, 4);
    assertEquals(Sight.LATE, arrives(USUAL.at(3)));
    assertEquals(List.of(), afterGrace());
    assertEquals(List.of(), detector.open());
  }

  @Test
  void whatIsNotPromisedIsWaitedForWithoutLimit() {
    arrive(1, 2);
    arrives(USUAL.open(5, 2)); // 3 and 4 had no outcome
    now += Duration.ofDays(3).toMillis();
    assertEquals(List.of(), told());
    assertEquals(State.SUSPECT, detector.open().get(0).state());
    arrives(USUAL.open(6, 2)); // 3 was confirmed meanwhile
    assertEquals(List.of(), told());
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
    assertEquals(Sight.LATE, arrives(USUAL.at(4)));
  }

  @Test
  void theGraceBeginsWithThePromise() {
    arrive(1, 2);
    arrives(USUAL.open(4, 1));
    now += GRACE.toMillis();
    arrives(USUAL.at(5));
    now += GRACE.toMillis() - 1;
    assertEquals(List.of(), told());
    now++;
    assertEquals(List.of("GAP 3-3[]"), told());
  }

  @Test
  void whatIsVoidedIsNoGapAndNoDuplicateWhenItComes() {
    arrive(1, 2);
    arrives(USUAL.open(6, 0, new Range(3, 5)));
    assertEquals(List.of(), afterGrace());
    assertEquals(Sight.LATE, arrives(USUAL.at(4)));
    detector.completed(0, USUAL.at(4), false);
    assertEquals(Sight.DUPLICATE, arrives(USUAL.at(4)));
  }

  @Test
  void aVoidThatComesBehindTheAlarmIsTold() {
    arrive(1, 2, 5);
    assertEquals(List.of("GAP 3-4[]"), afterGrace());
    arrives(USUAL.open(6, 0, new Range(3, 3)));
    assertEquals(List.of("VOIDED 3-3[]"), told());
    assertEquals(4, detector.open().get(0).from());
  }

  @Test
  void aGapThatIsFilledIsTold() {
    arrive(1, 2, 6);
    assertEquals(List.of("GAP 3-5[]"), afterGrace());
    assertEquals(Sight.LATE, arrives(USUAL.at(4)));
    assertEquals(List.of("FILLED 4-4[]"), told());
    assertEquals(2, detector.open().size());
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatWasMissingIsDismissedOnce() {
    arrive(1, 2, 4);
    Gap gap = detector.open().get(0);
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
    assertTrue(detector.explain(gap, State.DISMISSED));
    assertEquals(List.of("DISMISSED 3-3[]"), told());
    assertTrue(!detector.explain(gap, State.DISMISSED));
    assertEquals(List.of(), detector.open());
    assertEquals(Sight.LATE, arrives(USUAL.at(3)), "it was never done: no duplicate");
  }

  @Test
  void duplicatesAreTold() {
    arrive(1, 2, 3);
    assertEquals(Sight.DUPLICATE, arrives(USUAL.at(2)));
    assertEquals(Sight.DUPLICATE, arrives(USUAL.at(3)));
    assertEquals(Sight.IN_ORDER, arrives(USUAL.at(4)));
  }

  @Test
  void theFirstContactIsABaseline() {
    assertEquals(Sight.BASELINE, arrives(USUAL.at(90)));
    assertEquals(Sight.BEFORE_BASELINE, arrives(USUAL.at(3)));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aChainThatBeginsAnewAsksForNothingBefore() {
    arrive(1, 2);
    arrives(USUAL.at(new LaneNumber(0, 50, 0, List.of(), 48, -1)));
    assertEquals(List.of("GAP 48-49[]"), afterGrace());
  }

  @Test
  void sourcesEpochsAndLanesAreChainsOfTheirOwn() {
    arrive(1, 2);
    arrives(USUAL.source("other").at(9));
    arrives(USUAL.epoch(8).at(20));
    arrives(USUAL.lane(1).at(30));
    assertEquals(Sight.IN_ORDER, arrives(USUAL.at(3)));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aRestartedProducerIsToldFromAZombie() {
    arrive(1, 2);
    LaneNumber opening = new LaneNumber(0, 1, 0, List.of(), 1, 7);
    assertEquals(Sight.RESTARTED, arrives(USUAL.epoch(8).at(opening)));
    assertEquals(Sight.DUPLICATE, arrives(USUAL.at(2)));
    assertEquals(Sight.ZOMBIE, arrives(USUAL.at(3)));
    assertEquals(Sight.ZOMBIE, arrives(USUAL.at(5)));
    assertEquals(List.of("GAP 4-4[]"), afterGrace());
  }

  @Test
  void twoProducersOfOneKeyAndAKeyThatMovesLanesRaiseNoAlarm() {
    arrives(USUAL.key("a", 1).at(1));
    arrives(USUAL.key("a", 2).at(2));
    arrives(USUAL.source("other").key("a", 40).at(1));
    arrives(USUAL.source("other").key("a", 41).at(2));
    arrives(USUAL.lane(1).key("a", 9).at(70));
    arrives(USUAL.lane(1).key("a", 10).at(71));
    arrives(USUAL.key("a", 3).at(3));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatCameByAnotherLaneTellsNothing() {
    arrive(1, 2);
    assertEquals(Sight.OTHER_LANE, arrives(USUAL.at(LaneNumber.of(3, 90))));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void theKeyIsNamedIfItsNextMessageCame() {
    arrives(USUAL.key("a", 1).at(1));
    arrives(USUAL.key("b", 1).at(2));
    arrives(USUAL.key("a", 4).at(5)); // 3 and 4 of the lane were a's
    assertEquals(List.of("GAP 3-4[a:2..3]"), afterGrace());
  }

  @Test
  void theKeyIsNamedLaterIfItsNextMessageComesLater() {
    arrives(USUAL.key("a", 1).at(1));
    arrives(USUAL.key("b", 1).at(2));
    arrives(USUAL.key("b", 2).at(4));
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
    arrives(USUAL.key("a", 3).at(5));
    assertEquals(List.of("GAP 3-3[a:2]"), told());
    assertEquals("a", detector.open().get(0).key().orElseThrow());
  }

  @Test
  void aKeyThatJumpsByVoidedNumbersIsNotNamed() {
    arrives(USUAL.key("a", 1).at(1));
    arrives(USUAL.key("b", 1).at(2));
    arrives(USUAL.key("b", 2).at(4));
    arrives(USUAL.key("a", new KeyNumber(3, 1, false)).at(5));
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
  }

  @Test
  void aLaneThatWentAwayIsForgottenWithWhatItSuspected() {
    arrive(1, 2, 4);
    arrives(USUAL.lane(1).at(1));
    arrives(USUAL.lane(1).at(2));
    arrives(USUAL.lane(1).at(4));
    detector.forget(Set.of(0));
    assertEquals(Sight.BASELINE, arrives(USUAL.at(9)));
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
  }

  @Test
  void whatIsMissingIsBoundedAndNoneIsSilent() {
    arrive(1, 2);
    for (long number = 4; number <= 4 + 2L * MissingRanges.MAX; number += 2) {
      arrive(number);
    }
    assertEquals(List.of("GAP 3-3[]"), told(), "it is one too much, so it is told at once");
    assertEquals(MissingRanges.MAX, detector.open().size());
    assertEquals(MissingRanges.MAX, afterGrace().size());
  }

  @Test
  void chainsAreBoundedAndAForgottenOneBeginsAnew() {
    arrive(1, 2);
    for (int epoch = 0; epoch < ChainTable.MAX_CHAINS; epoch++) {
      now++;
      arrives(USUAL.epoch(1_000 + epoch).at(1));
    }
    assertEquals(Sight.BASELINE, arrives(USUAL.at(9)));
    assertEquals(Sight.DUPLICATE, arrives(USUAL.epoch(1_000 + ChainTable.MAX_CHAINS - 1).at(1)));
  }

  @Test
  void aChainThatMissesSomethingIsForgottenAfterThoseThatDoNot() {
    arrive(1, 2, 4);
    for (int epoch = 0; epoch < ChainTable.MAX_CHAINS; epoch++) {
      now++;
      arrives(USUAL.epoch(1_000 + epoch).at(1));
    }
    assertEquals(List.of("GAP 3-3[]"), afterGrace());
  }

  @Test
  void aGapPrintsAllThatASearchNeeds() {
    Gap.Chain chain = new Gap.Chain("orders", "billing", "src", 255, 3);
    List<KeyNumbers> keys = new ArrayList<>(List.of(new KeyNumbers("a", 7, 8)));
    Gap gap = new Gap(chain, 2, 3, keys, Instant.EPOCH, State.GAP);
    String text = gap.toString();
    for (String part :
        List.of("orders", "billing", "src", "epoch=ff", "lane=3", "a:7..8", "missing=2..3")) {
      assertTrue(text.contains(part), text);
    }
  }
}
