// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static io.bowline.gap.Numbered.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp.KeyNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Producers that number keys and no lanes: older ones, and those in other languages. */
class KeyGapsTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final @Nullable LaneNumber NONE = null;
  private final GapDetector detector = new GapDetector("orders", "billing", GRACE);
  private long now = 1_000_000;

  private void arrives(Numbered of, String key, long number) {
    detector.arrived(of.lane(), of.key(key, number).at(NONE), false, now);
  }

  private void arrives(String key, long number) {
    arrives(USUAL, key, number);
  }

  private List<String> afterGrace() {
    now += GRACE.toMillis();
    return detector.due(now).stream().map(gap -> gap.keys().toString()).sorted().toList();
  }

  @Test
  void aGapIsNamedAfterTheGraceAndInFull() {
    arrives("a", 1);
    arrives("a", 4);
    long seen = now;
    now += GRACE.toMillis() - 1;
    assertEquals(List.of(), detector.due(now));
    now++;
    Gap.Chain chain = new Gap.Chain("orders", "billing", "shop", 7, 0);
    Instant since = Instant.ofEpochMilli(seen);
    Gap gap = new Gap(chain, 0, 0, List.of(new KeyNumbers("a", 2, 3)), since, State.GAP);
    assertEquals(List.of(gap), detector.due(now));
    assertEquals(List.of(), detector.due(now));
  }

  @Test
  void whatComesLateWithinTheGraceIsNoGap() {
    arrives("a", 1);
    arrives("a", 3);
    arrives("a", 2);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aVoidThatComesLateExplains() {
    arrives("a", 1);
    arrives("a", 5);
    detector.arrived(0, USUAL.key("a", new KeyNumber(4, 2, false)).at(NONE), false, now);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void keysSourcesAndLanesAreChainsOfTheirOwn() {
    arrives("a", 1);
    arrives("b", 5);
    arrives(USUAL.source("other"), "a", 9);
    arrives(USUAL.epoch(8), "a", 19);
    arrives(USUAL.lane(1), "a", 20);
    arrives("a", 2);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void messagesWithoutNumberTellNothing() {
    arrives("a", 1);
    detector.arrived(0, USUAL.at(NONE), false, now);
    arrives("a", 2);
    assertEquals(List.of(), afterGrace());
  }

  @Test
  void aLaneThatWentAwayIsForgottenWithWhatItSuspected() {
    arrives("a", 1);
    arrives("a", 3);
    arrives(USUAL.lane(1), "b", 1);
    arrives(USUAL.lane(1), "b", 3);
    detector.forget(Set.of(0));
    arrives("a", 9);
    arrives(USUAL.lane(1), "b", 5);
    assertEquals(List.of("[b:2]", "[b:4]"), afterGrace());
  }

  @Test
  void keysAreBoundedAndAForgottenOneBeginsAnew() {
    arrives("a", 1);
    arrives("a", 3);
    for (int i = 0; i < 8 * KeyTable.MAX_KEYS; i++) {
      arrives("other-" + i, 1);
    }
    arrives("b", 1);
    arrives("a", 5);
    arrives("a", 7);
    assertEquals(List.of("[a:2]", "[a:4]", "[a:6]"), afterGrace(), "suspicions are not forgotten");
    for (int i = 0; i < 8 * KeyTable.MAX_KEYS; i++) {
      arrives("more-" + i, 1);
    }
    arrives("b", 9);
    assertEquals(List.of(), afterGrace());
  }
}
