// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WriteWatchTest {
  private final WriteWatch watch = new WriteWatch(Duration.ofNanos(10));

  @Test
  void oneWriteThatLastsIsOverdueAndManyThatEndAreNot() {
    assertFalse(watch.isOverdue(1_000), "nothing is written");
    watch.begin(5);
    assertFalse(watch.isOverdue(14));
    assertTrue(watch.isOverdue(15));
    watch.begin(14);
    assertFalse(watch.isOverdue(15));
    assertTrue(watch.lasts(15, 1));
    watch.end();
    assertFalse(watch.isOverdue(1_000));
  }
}
