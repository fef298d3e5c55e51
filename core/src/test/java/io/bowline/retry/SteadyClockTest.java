// SPDX-License-Identifier: Apache-2.0
package io.bowline.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

  /** A clock that somebody sets back at every look. */
  private static final class Falling extends Clock {
    private Instant next = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      next = next.minus(Duration.ofDays(1));
      return next;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void itDoesNotFollowAClockThatIsSetBack() {
    SteadyClock clock = new SteadyClock(new Falling());
    Instant first = clock.instant();
    assertEquals(
        Instant.parse("2025-12-31T00:00:00Z"),
        first.truncatedTo(java.time.temporal.ChronoUnit.DAYS));
    assertFalse(clock.instant().isBefore(first));
    assertEquals(ZoneOffset.UTC, clock.getZone());
  }
}
