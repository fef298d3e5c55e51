// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.producer.LaneMarks.Pace;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneMarksTest {
  private static final Pace PACE = new Pace(10_000_000, 50_000_000);
  private final LaneMarks marks = new LaneMarks();
  private long now = 1_000;

  private boolean begins(long number) {
    return marks.begins(LaneNumber.of(0, number), PACE, now);
  }

  private void confirmed(long number) {
    marks.confirmed(LaneNumber.of(0, number));
  }

  @Test
  void newsAreMarkedAtTheNextLook() {
    assertTrue(begins(1));
    confirmed(1);
    assertTrue(begins(2));
  }

  @Test
  void withoutNewsALaneIsMarkedSeldom() {
    assertTrue(begins(2));
    confirmed(2);
    now += LaneMarks.IDLE_INTERVALS * PACE.interval() - 1;
    assertFalse(begins(2));
    now++;
    assertTrue(begins(2));
    assertEquals(30, PACE.withinMillis());
    assertEquals(1, new Pace(10, 10).withinMillis());
  }

  @Test
  void oneIsUnderWayAtATime() {
    assertTrue(begins(1));
    assertFalse(begins(2));
    confirmed(1);
    assertTrue(begins(2));
  }

  @Test
  void oneThatFailedOrIsNeverAnsweredIsSaidAgain() {
    assertTrue(begins(1));
    marks.failed();
    assertTrue(begins(1));
    now += PACE.overdue() - 1;
    assertFalse(begins(1));
    now++;
    assertTrue(begins(1));
  }

  @Test
  void whatIsVoidedIsNews() {
    assertTrue(begins(5));
    confirmed(5);
    LaneNumber voids = new LaneNumber(0, 5, 0, List.of(new Range(2, 2)), 0, LaneNumber.NOT_KNOWN);
    assertTrue(marks.begins(voids, PACE, now));
  }
}
