// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SnowflakeBitsTest {

  @Test
  void timeWorkerAndCountAreInTheirPlaces() {
    long tick = (5L << 12) | 3;
    assertEquals((5L << 22) | (1_023L << 12) | 3, SnowflakeBits.id(tick, 1_023));
    assertEquals(0, SnowflakeBits.id(0, 0));
    long last = (SnowflakeBits.END_MILLIS << 12) - 1;
    assertEquals(Long.MAX_VALUE, SnowflakeBits.id(last, 1_023), "the sign bit stays 0");
  }

  @Test
  void whatWasPutInIsReadAgain() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long millis = random.nextLong(SnowflakeBits.END_MILLIS);
      int worker = random.nextInt(SnowflakeBits.WORKERS);
      long id = SnowflakeBits.id((millis << 12) | random.nextInt(4_096), worker);
      assertTrue(id >= 0);
      assertEquals(millis, SnowflakeBits.millisOf(id));
      assertEquals(worker, SnowflakeBits.workerOf(id));
    }
  }

  @Test
  void theFirstTickOfEachMillisecondCountsFromZero() {
    assertEquals(0, SnowflakeBits.after(SnowflakeBits.NONE, 0));
    assertEquals(7L << 12, SnowflakeBits.after((5L << 12) | 99, 7));
    assertEquals((7L << 12) | 1, SnowflakeBits.after(7L << 12, 7));
  }

  @Test
  void aFullMillisecondWaitsForTheNextAndAClockSetBackForItself() {
    long full = (7L << 12) | 4_095;
    assertEquals(SnowflakeBits.WAIT, SnowflakeBits.after(full, 7));
    assertEquals(1, SnowflakeBits.behind(full, 7));
    assertEquals(8L << 12, SnowflakeBits.after(full, 8));
    assertEquals(SnowflakeBits.WAIT, SnowflakeBits.after(7L << 12, 4));
    assertEquals(3, SnowflakeBits.behind(7L << 12, 4));
    assertEquals(0, SnowflakeBits.behind(7L << 12, 7));
  }

  @Test
  void ticksRiseWhateverTheClockShows() {
    SplittableRandom random = new SplittableRandom(2);
    long last = SnowflakeBits.NONE;
    for (int i = 0; i < 100_000; i++) {
      long next = SnowflakeBits.after(last, random.nextInt(40) + i / 5_000);
      assertTrue(next == SnowflakeBits.WAIT || next > last, last + " then " + next);
      last = Math.max(last, next);
    }
  }

  @Test
  void theFirstTickAboveAFloorIsThatOfItsMillisecond() {
    assertEquals(9L << 12, SnowflakeBits.after(SnowflakeBits.before(9), 9));
    assertEquals(SnowflakeBits.WAIT, SnowflakeBits.after(SnowflakeBits.before(9), 8));
    assertEquals(8, SnowflakeBits.millis(SnowflakeBits.before(9)));
  }
}
