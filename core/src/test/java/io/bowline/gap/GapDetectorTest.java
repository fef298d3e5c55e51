// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GapDetectorTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final GapDetector detector = new GapDetector("orders", "billing", GRACE);

  private static Received message(int lane, @Nullable String key, @Nullable Stamp stamp) {
    Map<String, String> headers =
        stamp == null ? Map.of() : Map.of(StampCodec.HEADER, StampCodec.write(stamp));
    return Received.of(new Origin("orders", lane, "0", "id"), key, headers, new byte[0]);
  }

  private void arrives(int lane, String source, String key, long number) {
    Stamp stamp = new Stamp("id", source, 7, new KeyNumber(number, 0, false));
    detector.arrived(lane, message(lane, key, stamp), now);
  }

  private void arrives(String key, long number) {
    arrives(0, "src", key, number);
  }

  private List<String> due() {
    return detector.due(now).stream().map(gap -> gap.key() + gap.from() + "-" + gap.to()).toList();
  }

  @Test
  void aGapIsNamedAfterTheGraceAndInFull() {
    arrives("a", 1);
    arrives("a", 4);
    Instant seen = now;
    now = now.plus(GRACE).minusNanos(1);
    assertEquals(List.of(), detector.due(now));
    now = seen.plus(GRACE);
    Gap gap = new Gap("orders", "billing", "src", 7, "a", 2, 3, seen);
    assertEquals(List.of(gap), detector.due(now));
    assertEquals(List.of(), detector.due(now));
  }

  @Test
  void lateArrivalWithinTheGraceIsNoGap() {
    arrives("a", 1);
    arrives("a", 3);
    arrives("a", 2);
    now = now.plus(GRACE);
    assertEquals(List.of(), due());
  }

  @Test
  void keysSourcesAndLanesAreChainsOfTheirOwn() {
    arrives(0, "src", "a", 1);
    arrives(0, "src", "b", 5);
    arrives(0, "other", "a", 9);
    arrives(1, "src", "a", 20);
    arrives(0, "src", "a", 2);
    now = now.plus(GRACE);
    assertEquals(List.of(), due());
  }

  @Test
  void messagesWithoutNumberTellNothing() {
    arrives("a", 1);
    detector.arrived(0, message(0, "a", null), now);
    detector.arrived(0, message(0, null, new Stamp("i", "src", 7, null)), now);
    detector.arrived(0, message(0, "a", new Stamp("i", "src", 7, null)), now);
    KeyNumber number = new KeyNumber(9, 0, false);
    detector.arrived(0, message(0, null, new Stamp("i", "src", 7, number)), now);
    now = now.plus(GRACE);
    assertEquals(List.of(), due());
  }

  @Test
  void aLaneThatWentAwayIsForgottenWithWhatItSuspected() {
    arrives(0, "src", "a", 1);
    arrives(0, "src", "a", 3);
    arrives(1, "src", "b", 1);
    arrives(1, "src", "b", 3);
    detector.forget(Set.of(0));
    arrives(0, "src", "a", 9);
    now = now.plus(GRACE);
    assertEquals(List.of("b2-2"), due());
  }

  @Test
  void chainsAreBoundedAndAForgottenOneBeginsAnew() {
    arrives("a", 1);
    for (int i = 0; i < GapDetector.MAX_CHAINS; i++) {
      arrives("other-" + i, 1);
    }
    arrives("a", 5);
    now = now.plus(GRACE);
    assertEquals(List.of(), due());
    arrives("a", 7);
    now = now.plus(GRACE);
    assertEquals(List.of("a6-6"), due());
  }

  @Test
  void aSuspicionOutlivesTheForgettingOfItsChain() {
    arrives("a", 1);
    arrives("a", 3);
    for (int i = 0; i < GapDetector.MAX_CHAINS; i++) {
      arrives("other-" + i, 1);
    }
    arrives("a", 5);
    arrives("a", 7);
    now = now.plus(GRACE);
    assertEquals(List.of("a2-2", "a4-4", "a6-6"), due());
  }

  @Test
  void aGapPrintsAllThatASearchNeeds() {
    Gap gap = new Gap("orders", "billing", "src", 255, "a", 2, 3, now);
    String text = gap.toString();
    for (String part : List.of("orders", "billing", "src", "epoch=ff", "key=a", "missing=2..3")) {
      assertTrue(text.contains(part), text);
    }
  }
}
