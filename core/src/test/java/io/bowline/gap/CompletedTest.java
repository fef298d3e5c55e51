// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber.Range;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CompletedTest {
  private final Spans explained = new Spans();
  private final Completed completed = new Completed(0);

  private void add(long... numbers) {
    for (long number : numbers) {
      completed.add(number, explained);
    }
  }

  @Test
  void theWatermarkIsTheLastBeforeWhichAllIsCompleted() {
    add(1, 2, 4, 5);
    assertEquals(2, completed.watermark());
    assertFalse(completed.contains(3, explained));
    assertTrue(completed.contains(4, explained));
    add(3);
    assertEquals(5, completed.watermark());
  }

  @Test
  void whatIsExplainedMovesTheWatermarkAndIsNotCompleted() {
    add(1, 4);
    explained.add(2, 3);
    completed.advance(explained);
    assertEquals(4, completed.watermark());
    assertFalse(completed.contains(2, explained));
    assertTrue(completed.contains(4, explained));
  }

  @Test
  void whatIsTooFarAheadLeavesHolesThatAreFilledLater() {
    add(1, 3, 5 + Completed.WINDOW);
    assertEquals(5, completed.watermark());
    assertEquals(List.of(new Range(2, 2), new Range(4, 5)), completed.holes().ranges());
    assertFalse(completed.contains(4, explained));
    add(4);
    assertTrue(completed.contains(4, explained));
    add(1_000_000_000_000L);
    assertFalse(completed.contains(999_999_999_999L, explained));
    assertTrue(completed.contains(5 + Completed.WINDOW, explained));
  }

  @RepeatedTest(20)
  void itIsTheSetOfWhatWasAdded(RepetitionInfo repetition) {
    Random random = new Random(20_261_121L * repetition.getCurrentRepetition());
    Set<Long> model = new HashSet<>();
    long front = 1;
    for (int step = 0; step < 3_000; step++) {
      front += random.nextInt(4) == 0 ? 2 : 1;
      long number = Math.max(1, front - random.nextInt(step % 500 == 0 ? 2_000 : 30));
      model.add(number);
      add(number);
    }
    for (long n = 1; n < front + 10; n++) {
      assertEquals(model.contains(n), completed.contains(n, explained), "number " + n);
    }
    assertFalse(model.contains(completed.watermark() + 1));
  }
}
