// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.UuidV7Ids;
import io.bowline.retry.SteadyClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How old the oldest message in memory is, look by look. */
class HeldAgeTest {
  private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final HeldAge age = new HeldAge(new SteadyClock(NOW, nanos::get));
  private final HeldWork held = new HeldWork(1_000, 1 << 20);

  private static String idOf(Instant time) {
    return new UuidV7Ids(Clock.fixed(time, ZoneOffset.UTC), new Random(1)).next();
  }

  private Work arrives(int lane, String id) {
    Work work = Works.stamped(held.lane(lane), id);
    held.arrived(work);
    return work;
  }

  private double look() {
    age.look(held);
    return age.seconds();
  }

  @Test
  void itIsThatOfTheOldestFrontOfALaneAndGrows() {
    assertEquals(0, age.seconds());
    arrives(0, idOf(NOW.minusSeconds(3)));
    Work oldest = arrives(1, idOf(NOW.minusSeconds(7)));
    arrives(2, idOf(NOW.minusSeconds(1)));
    assertEquals(7, look());
    nanos.addAndGet(Duration.ofMillis(1_500).toNanos());
    assertEquals(8.5, age.seconds());
    held.settled(oldest);
    assertEquals(4.5, look());
  }

  @Test
  void withNothingInMemoryItIsNone() {
    held.settled(arrives(0, idOf(NOW.minusSeconds(3))));
    assertEquals(0, look());
    arrives(0, idOf(NOW.minusSeconds(3)));
    assertEquals(3, look());
    held.remove(List.of(0));
    assertEquals(0, look());
  }

  @Test
  void anIdWithoutTimeHasNoAge() {
    arrives(0, "order-17");
    held.arrived(Works.of(held.lane(1), "k", 1));
    assertTrue(Double.isNaN(look()));
    arrives(2, idOf(NOW.minusSeconds(2)));
    assertEquals(2, look());
  }

  @Test
  void aClockThatIsAheadMakesNoAgeBelowNone() {
    arrives(0, idOf(NOW.plusSeconds(60)));
    assertEquals(0, look());
  }
}
