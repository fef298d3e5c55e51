// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UuidV7IdsTest {
  private static final long START = 0x0190_1234_5678L;
  private final SetClock clock = new SetClock();
  private final UuidV7Ids ids = new UuidV7Ids(clock, new Random(1));

  private static final class SetClock extends Clock {
    private long millis = START;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
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
  void timeVersionAndVariantAreInTheirPlaces() {
    String text = ids.next();
    UUID id = UUID.fromString(text);
    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(START, id.getMostSignificantBits() >>> 16);
    assertTrue(text.startsWith("01901234-5678-7000-"), text);
  }

  @Test
  void idsRiseWithinOneMillisecondAndBeyondItsCount() {
    String last = ids.next();
    for (int i = 0; i < 10_000; i++) {
      String next = ids.next();
      assertTrue(next.compareTo(last) > 0, last + " then " + next);
      last = next;
    }
    assertEquals(START + 2, UUID.fromString(last).getMostSignificantBits() >>> 16);
  }

  @Test
  void idsRiseThoughTheClockIsSetBack() {
    String before = ids.next();
    clock.millis -= 3_600_000;
    String after = ids.next();
    assertTrue(after.compareTo(before) > 0);
    clock.millis = START + 5;
    assertTrue(ids.next().compareTo(after) > 0);
  }

  @Test
  void aLoadOfIdsRisesWhileTheClockJumpsToAndFro() {
    Random jumps = new Random(3);
    String last = ids.next();
    for (int i = 0; i < 100_000; i++) {
      if (i % 50 == 0) {
        clock.millis += jumps.nextLong(-3_600_000, 3_600_000);
      }
      String next = ids.next();
      assertTrue(next.compareTo(last) > 0, last + " then " + next);
      last = next;
    }
  }

  @Test
  void twoGeneratorsDrawDifferentIdsAtTheSameTime() {
    UuidV7Ids other = new UuidV7Ids(clock, new Random(2));
    assertNotEquals(ids.next(), other.next());
    assertNotEquals(UuidV7Ids.system().next(), UuidV7Ids.system().next());
  }

  @Test
  void manyThreadsDrawNoIdTwice() {
    UuidV7Ids shared = UuidV7Ids.system();
    Set<String> drawn = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 100_000).parallel().forEach(i -> drawn.add(shared.next()));
    assertEquals(100_000, drawn.size());
  }

  @Test
  void theTimeIsReadFromAnIdOfVersion7AndNoOther() {
    assertEquals(OptionalLong.of(START), UuidV7Ids.millis(ids.next()));
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis("orders/0/17"));
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis(""));
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis(new UUID(1, 1).toString()));
    String four = "c1f2a3b4-0000-4000-8000-000000000000";
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis(four));
    String other = "01901234-5678-7000-c000-000000000000";
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis(other));
    assertEquals(OptionalLong.empty(), UuidV7Ids.millis("x".repeat(36)));
  }
}
