// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static io.bowline.gap.Numbered.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.message.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** First contacts in a lane of which nothing is known. */
class BaselineTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private final GapDetector detector = new GapDetector("orders", "billing", GRACE);
  private long now = 1_000_000;

  private Sight arrives(Received message) {
    return detector.arrived(0, message, false, now);
  }

  private void arrive(long... numbers) {
    for (long number : numbers) {
      arrives(USUAL.at(number));
    }
  }

  private void arriveAgain(long... numbers) {
    for (long number : numbers) {
      detector.arrived(0, USUAL.at(number), true, now);
    }
  }

  private List<String> afterGrace() {
    now += GRACE.toMillis();
    return detector.due(now).stream().map(gap -> gap.from() + "-" + gap.to()).toList();
  }

  @Test
  void nothingBeforeTheFirstContactIsAskedFor() {
    assertEquals(Sight.BASELINE, arrives(USUAL.at(90)));
    assertEquals(Sight.BEFORE_BASELINE, arrives(USUAL.at(3)));
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void withTheThirdInARowTheRestIsAskedFor() {
    arrive(90, 91, 92, 95);
    assertEquals(List.of("93-94"), afterGrace());
  }

  @Test
  void aJumpBeforeThatIsANewBeginning() {
    arrive(90, 92);
    assertEquals(Sight.BASELINE, arrives(USUAL.at(94)));
    assertEquals(List.of(), afterGrace());
    arrive(95, 97);
    assertEquals(List.of("96-96"), afterGrace());
  }

  @Test
  void manyUnderWayAtOnceAreSureOnceTheFirstWereConfirmed() {
    arrives(USUAL.open(90, 50));
    arrives(USUAL.open(91, 51));
    for (long number = 92; number < 120; number++) {
      arrives(USUAL.open(number, number - 85));
    }
    arrives(USUAL.open(130, 45));
    assertEquals(List.of(), afterGrace());
    arrives(USUAL.open(131, 35));
    arrives(USUAL.at(133));
    assertEquals(List.of("132-132"), afterGrace());
  }

  @Test
  void aLateCopyAsTheFirstContactRaisesNoAlarm() {
    arrive(5, 90); // left by a retry: 6 to 89 lie before it
    assertEquals(List.of(), afterGrace());
    arrive(91, 93);
    assertEquals(List.of("92-92"), afterGrace());
  }

  @Test
  void aLateCopyBeforeOneThatWasHeldUpRaisesNoAlarm() {
    arrive(2, 3, 6); // 2 is a copy, and 3 was tried again; 4 and 5 lie before them
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void whatWasDeliveredBeforeToOthersRaisesNoAlarm() {
    arriveAgain(2, 3, 6, 7); // 4 and 5 were acknowledged before
    arrive(9); // and 8
    assertEquals(List.of(), afterGrace());
    arrive(10, 11, 13);
    assertEquals(List.of("12-12"), afterGrace());
  }

  @Test
  void aLateCopyBehindWhatWasDeliveredBeforeRaisesNoAlarm() {
    arriveAgain(1); // 2, 3 and 4 were acknowledged before
    arrive(2, 5);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void inALaneThatWasKeptANewChainIsSureAtOnce() {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    ChainState other =
        new ChainState(
            "kept", 1, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
    detector.restore(0, List.of(other), now);
    arrive(1, 3);
    assertEquals(List.of("2-2"), afterGrace());
  }
}
