// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TallyTest {

  @Test
  void aFailedSendIsNoFigure() {
    Tally tally = new Tally();
    tally.confirmed();
    tally.failed(new IllegalStateException("lost"));
    Exception refused =
        assertThrows(IllegalStateException.class, () -> tally.await(2, Duration.ofSeconds(1)));
    assertEquals("java.lang.IllegalStateException: lost", String.valueOf(refused.getCause()));
  }
}
