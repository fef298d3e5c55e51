// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogRates.Rates;
import io.bowline.backlog.BacklogRates.Sample;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is measured from look to look. */
class BacklogRatesTest {
  private static final long SECOND = 1_000_000_000L;
  private final BacklogRates rates = new BacklogRates();

  private void look(long second, long messages, long acknowledged) {
    look(second, OptionalLong.of(messages), acknowledged, WorkSum.ZERO);
  }

  private void look(long second, OptionalLong messages, long acknowledged, WorkSum work) {
    rates.add(new Sample(second * SECOND, messages, acknowledged, work));
  }

  @Test
  void growthAndServiceAreWhatChangedInTheTime() {
    look(10, 100, 1_000);
    look(20, 150, 1_200);
    look(30, 60, 1_500);
    assertEquals(-2.0, rates.rates().growth());
    assertEquals(25.0, rates.rates().served());
  }

  @Test
  void oneLookOrNoneTellsNothing() {
    assertTrue(Double.isNaN(rates.rates().growth()));
    assertTrue(Double.isNaN(rates.rates().held()));
    look(10, 100, 1_000);
    Rates one = rates.rates();
    assertTrue(Double.isNaN(one.growth()) && Double.isNaN(one.served()), one::toString);
  }

  @Test
  void aClockThatStandsStillTellsNothing() {
    look(10, 100, 1_000);
    look(10, 200, 2_000);
    Rates still = rates.rates();
    assertTrue(Double.isNaN(still.growth()) && Double.isNaN(still.served()), still::toString);
  }

  @Test
  void nothingThatHappensIsARateOfZero() {
    look(10, 100, 1_000);
    look(20, 100, 1_000);
    assertEquals(0.0, rates.rates().growth());
    assertEquals(0.0, rates.rates().served());
  }

  @Test
  void whatWasNotKnownIsLeftOut() {
    look(10, OptionalLong.empty(), 0, WorkSum.ZERO);
    look(20, 100, 100);
    look(30, OptionalLong.empty(), 200, WorkSum.ZERO);
    assertTrue(Double.isNaN(rates.rates().growth()));
    look(40, 300, 300);
    look(50, OptionalLong.empty(), 400, WorkSum.ZERO);
    assertEquals(10.0, rates.rates().growth());
    assertEquals(10.0, rates.rates().served());
  }

  @Test
  void whatIsLongAgoCountsNoMore() {
    look(0, 0, 0);
    look(1, 1_000, 1_000_000);
    look(302, 1_301, 1_000_301);
    assertEquals(1.0, rates.rates().growth(), "the last two count, however long ago");
    look(400, 1_399, 1_000_399);
    assertEquals(1.0, rates.rates().served());
  }

  @Test
  void noMoreLooksAreKeptThanTheBound() {
    look(0, 1_000_000, 0);
    for (int i = 1; i <= BacklogRates.MOST; i++) {
      look(i, i, i);
    }
    assertEquals(1.0, rates.rates().growth());
  }

  @Test
  void afterARestartNothingOfBeforeCounts() {
    look(10, 100, 1_000);
    look(20, 200, 2_000);
    rates.restart();
    look(30, 0, 2_000);
    assertTrue(Double.isNaN(rates.rates().growth()));
    look(40, 10, 2_010);
    assertEquals(1.0, rates.rates().growth());
  }

  @Test
  void whatIsAtWorkIsAveragedOverTheLooksAtTheMemory() {
    WorkSum before = WorkSum.ZERO.plus(16, 500, 900, 800);
    WorkSum after = before.plus(2, 10, 100, 90).plus(4, 20, 200, 150);
    look(10, OptionalLong.empty(), 0, before);
    look(20, OptionalLong.empty(), 0, after);
    Rates seen = rates.rates();
    assertEquals(3.0, seen.atWork());
    assertEquals(15.0, seen.lines());
    assertEquals(150.0, seen.held());
    assertEquals(0.8, seen.ofOneKey());
  }
}
