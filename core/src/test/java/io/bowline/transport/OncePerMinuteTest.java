// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OncePerMinuteTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final OncePerMinute warnings = new OncePerMinute();

  @Test
  void aCauseIsToldAgainAfterAMinuteAndNotBefore() {
    assertTrue(warnings.allows("cut", 0));
    assertFalse(warnings.allows("cut", MINUTE - 1));
    assertTrue(warnings.allows("cut", MINUTE));
    assertFalse(warnings.allows("cut", MINUTE + 1));
  }

  @Test
  void causesDoNotSilenceEachOther() {
    assertTrue(warnings.allows("cut", 0));
    assertTrue(warnings.allows("blocked", 0));
  }

  @Test
  void causesAreBoundedAndTheOneToldLongestAgoIsForgotten() {
    for (int i = 0; i < 257; i++) {
      assertTrue(warnings.allows("cause " + i, i));
    }
    assertTrue(warnings.allows("cause 0", 300));
    assertFalse(warnings.allows("cause 256", 300));
  }
}
