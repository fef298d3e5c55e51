// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Stamp.KeyNumber;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyChainTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final KeyChain chain = new KeyChain(new KeyNumber(10, 0, false));

  private void arrives(long... numbers) {
    for (long number : numbers) {
      chain.arrived(new KeyNumber(number, 0, false), NOW);
    }
  }

  private List<String> due() {
    return chain.due(NOW).stream().map(range -> range.from() + "-" + range.to()).toList();
  }

  @Test
  void nothingIsMissingInARow() {
    arrives(11, 12, 13);
    assertEquals(List.of(), due());
    assertFalse(chain.waiting());
  }

  @Test
  void whatALaterNumberSkipsIsMissing() {
    arrives(11, 15, 17);
    assertEquals(List.of("12-14", "16-16"), due());
  }

  @Test
  void aRangeIsToldOnce() {
    arrives(12);
    assertEquals(List.of("11-11"), due());
    assertEquals(List.of(), due());
    arrives(14);
    assertEquals(List.of("13-13"), due());
  }

  @Test
  void nothingBeforeTheFirstContactIsAskedFor() {
    arrives(3, 9, 10, 11);
    assertEquals(List.of(), due());
  }

  @Test
  void lateNumbersFillFromBothEndsAndTheMiddle() {
    arrives(21, 11, 20, 15);
    assertEquals(List.of("12-14", "16-19"), due());
    arrives(12, 13, 14, 16, 17, 18, 19);
    assertFalse(chain.waiting());
  }

  @Test
  void aPartThatWasToldIsNotToldAgainWhenItSplits() {
    arrives(20);
    assertEquals(List.of("11-19"), due());
    arrives(15);
    assertEquals(List.of(), due());
  }

  @Test
  void aDuplicateChangesNothing() {
    arrives(11, 11, 13, 13, 11);
    assertEquals(List.of("12-12"), due());
    arrives(13, 11);
    assertEquals(List.of(), due());
  }

  @Test
  void voidedNumbersAreNotMissing() {
    chain.arrived(new KeyNumber(14, 3, false), NOW);
    assertEquals(List.of(), due());
    chain.arrived(new KeyNumber(18, 2, false), NOW);
    assertEquals(List.of("15-15"), due());
  }

  @Test
  void aVoidThatComesLateExplains() {
    arrives(15);
    chain.arrived(new KeyNumber(14, 2, false), NOW);
    assertEquals(List.of("11-11"), due());
  }

  @Test
  void numbersVoidedElsewhereAreNotMissingAndTheRestIs() {
    chain.arrived(new KeyNumber(16, 2, 13, false), NOW);
    assertEquals(List.of("11-11", "14-15"), due());
    arrives(20);
    chain.arrived(new KeyNumber(21, 1, 18, false), NOW);
    assertEquals(List.of("17-17", "19-19"), due());
  }

  @Test
  void aFirstOneAsksForNothingBeforeIt() {
    chain.arrived(new KeyNumber(90, 0, true), NOW);
    assertEquals(List.of(), due());
    arrives(92);
    assertEquals(List.of("91-91"), due());
  }

  @Test
  void theNumberOfOpenRangesIsBoundedAndNoneIsSilent() {
    for (long number = 12; number <= 12 + 2L * KeyChain.MAX_OPEN_RANGES; number += 2) {
      arrives(number);
    }
    assertTrue(chain.waiting());
    Instant longBefore = NOW.minusSeconds(1);
    assertEquals(1, chain.due(longBefore).size());
    assertEquals(KeyChain.MAX_OPEN_RANGES, chain.due(NOW).size());
  }

  @Test
  void noNumberIsToldBeforeItsTime() {
    arrives(12);
    assertEquals(List.of(), chain.due(NOW.minusNanos(1)));
    assertTrue(chain.waiting());
  }
}
