// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber.Range;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SpansTest {
  private final Spans spans = new Spans();

  @Test
  void whatTouchesIsOneRange() {
    spans.add(5, 6);
    spans.add(9, 9);
    spans.add(7, 8);
    assertEquals(List.of(new Range(5, 9)), spans.ranges());
    assertEquals(9, spans.endOf(6));
    assertEquals(9, spans.endOf(10));
  }

  @Test
  void aRangeIsCutInTwo() {
    spans.add(1, 9);
    spans.remove(4, 5);
    assertEquals(List.of(new Range(1, 3), new Range(6, 9)), spans.ranges());
    assertEquals(3, spans.removeFirst());
    assertEquals(1, spans.count());
    spans.remove(1, 100);
    assertTrue(spans.isEmpty());
  }

  @RepeatedTest(20)
  void itIsASetOfNumbers(RepetitionInfo repetition) {
    Random random = new Random(20_261_121L * repetition.getCurrentRepetition());
    TreeSet<Long> model = new TreeSet<>();
    for (int step = 0; step < 500; step++) {
      long from = 1L + random.nextInt(100);
      long to = from + random.nextInt(6);
      boolean adds = random.nextBoolean();
      for (long n = from; n <= to; n++) {
        boolean unused = adds ? model.add(n) : model.remove(n);
      }
      if (adds) {
        spans.add(from, to);
      } else {
        spans.remove(from, to);
      }
      for (long n = 0; n < 110; n++) {
        assertEquals(model.contains(n), spans.contains(n), n + " after step " + step);
      }
    }
    long before = -1;
    for (Range range : spans.ranges()) {
      assertFalse(range.from() <= before + 1, "ranges do not touch");
      before = range.to();
    }
  }
}
