// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LaneWorkTest {
  private final LaneWork lane = new LaneWork(3);

  @Test
  void whatRunsIsCounted() {
    assertTrue(lane.begin());
    assertTrue(lane.begin());
    assertEquals(2, lane.running());
    lane.end();
    assertEquals(1, lane.running());
  }

  @Test
  void nothingBeginsAfterTheClosing() {
    assertTrue(lane.begin());
    lane.close();
    assertFalse(lane.begin());
    assertFalse(lane.isOpen());
    assertEquals(1, lane.running());
    lane.end();
    assertEquals(0, lane.running());
  }
}
