// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class NumberRangesTest {
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());

  @Test
  void rangesThatTouchAreOne() {
    NumberRanges ranges = NumberRanges.NONE.with(5, 6).with(1, 2).with(9, 9).with(3, 4);
    assertEquals("1-6,9-9", ranges.text());
    assertEquals("1-9", ranges.with(7, 8).text());
    assertEquals("1-6,9-9", ranges.with(8, 7).text(), "nothing");
  }

  @Test
  void theTextIsReadAsItWasWritten() {
    for (String text : new String[] {"", "1-1", "1-4,7-7,9-9223372036854775807"}) {
      assertEquals(text, NumberRanges.read(text).text());
      assertEquals(NumberRanges.read(text), NumberRanges.read(text));
    }
  }

  /** As a set of numbers would have it. */
  @Test
  void theyHaveTheNumbersOfASet() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 300; round++) {
      NumberRanges ranges = NumberRanges.NONE;
      TreeSet<Long> numbers = new TreeSet<>();
      for (int step = 0; step < 20; step++) {
        long from = random.nextLong(1, 40);
        if (random.nextInt(3) == 0) {
          ranges = ranges.without(from);
          numbers.remove(from);
        } else {
          long to = from + random.nextLong(4) - 1;
          ranges = ranges.with(from, to);
          LongStream.rangeClosed(from, to).forEach(numbers::add);
        }
        assertSame(numbers, NumberRanges.read(ranges.text()));
      }
    }
  }

  private static void assertSame(NavigableSet<Long> numbers, NumberRanges ranges) {
    for (long n = 1; n < 45; n++) {
      assertEquals(numbers.contains(n), ranges.has(n), n + " of " + ranges + ", seed " + SEED);
      assertEquals(!numbers.tailSet(n + 1).isEmpty(), ranges.hasAbove(n));
      assertTrue(ranges.hasAll(n, n - 1));
      assertEquals(
          numbers.contains(n) && numbers.contains(n + 1) && numbers.contains(n + 2),
          ranges.hasAll(n, n + 2),
          () -> "seed " + SEED);
    }
  }

  @Test
  void theOldestGrowTogetherAndNeverPastTheLast() {
    NumberRanges many = NumberRanges.NONE;
    for (long n = 1; n <= 2 * NumberRanges.MOST + 4; n += 2) {
      many = many.with(n, n);
    }
    NumberRanges behind = many.bounded(1_000);
    assertTrue(behind.text().startsWith("1-5,7-7,"), behind.text());
    assertTrue(behind.hasAbove(2L * NumberRanges.MOST + 2));
    NumberRanges ahead = many.bounded(2);
    assertTrue(ahead.text().startsWith("1-1,3-3,"), ahead.text());
    assertFalse(ahead.hasAbove(2L * NumberRanges.MOST));
  }

  @Test
  void theLongestTextFitsItsColumn() {
    NumberRanges many = NumberRanges.NONE;
    for (int i = 0; i <= NumberRanges.MOST; i++) {
      long from = Long.MAX_VALUE - 10L * i - 5;
      many = many.with(from, from + 1);
    }
    String text = many.bounded(Long.MAX_VALUE).text();
    assertTrue(text.length() <= 1_300, () -> text.length() + " characters");
  }
}
