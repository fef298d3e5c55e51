// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class SpansTest {
  @Test
  void areReadAsPeopleWriteThem() {
    assertEquals(Duration.ofMillis(500), Spans.parse("500ms"));
    assertEquals(Duration.ofSeconds(10), Spans.parse("10"));
    assertEquals(Duration.ofMinutes(5), Spans.parse("5m"));
    assertEquals(Duration.ofDays(1), Spans.parse("1d"));
  }

  @Test
  void nothingElseIsOne() {
    for (String text : new String[] {"", "0s", "-1s", "1w", "1.5s", "99999999999s"}) {
      assertThrows(TypeConversionException.class, () -> Spans.parse(text), text);
    }
  }

  @Test
  void areShownInTheirTwoLargestUnits() {
    assertEquals("0s", Spans.shown(Duration.ofMillis(900)));
    assertEquals("1m 5s", Spans.shown(Duration.ofSeconds(65)));
    assertEquals("2h 0m", Spans.shown(Duration.ofHours(2)));
    assertEquals("3d 4h", Spans.shown(Duration.ofHours(76)));
  }
}
