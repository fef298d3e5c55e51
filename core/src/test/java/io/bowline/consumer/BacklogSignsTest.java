// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.backlog.HeldLane;
import io.bowline.backlog.WorkSum;
import io.bowline.id.UuidV7Ids;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a look at the memory sees. */
class BacklogSignsTest {
  private final HeldWork held = new HeldWork(1_000, 1L << 20);
  private final BacklogSigns signs = new BacklogSigns(true);

  private Work arrives(int lane, String key) {
    return arrives(Works.of(held.lane(lane), key, 1));
  }

  private Work arrives(Work work) {
    held.arrived(work);
    return work;
  }

  @Test
  void keysMessagesWithoutKeyAndWhatIsAtWorkAreCounted() {
    for (String key : new String[] {"a", "b", "a", "a"}) {
      var unused = arrives(0, key);
    }
    arrives(Works.of(held.lane(1), null, 1));
    arrives(Works.of(held.lane(1), null, 1));
    boolean begun = arrives(1, "c").begin();
    assertEquals(true, begun);
    signs.look(held, 2, 0);
    assertEquals(new WorkSum(1, 1, 5, 7, 3), signs.seen().work());
    signs.look(held, 2, 0);
    assertEquals(new WorkSum(2, 2, 10, 14, 6), signs.seen().work());
  }

  @Test
  void lanesAreCountedWithTheBirthOfTheirOldest() {
    Instant born = Instant.ofEpochMilli(1_700_000_000_000L);
    UuidV7Ids ids = new UuidV7Ids(Clock.fixed(born, ZoneOffset.UTC), new Random(1));
    arrives(Works.stamped(held.lane(3), ids.next()));
    arrives(3, "a");
    arrives(5, "b");
    signs.look(held, 2, 0);
    Map<Integer, HeldLane> expected =
        Map.of(
            3, new HeldLane(2, OptionalLong.of(born.toEpochMilli())),
            5, new HeldLane(1, OptionalLong.empty()));
    assertEquals(expected, signs.seen().lanes());
    assertEquals(3, signs.seen().held());
    assertEquals(2, signs.seen().owned());
  }

  @Test
  void acknowledgementsAddUpOverSubscriptions() {
    signs.look(held, 2, 10);
    signs.look(held, 2, 15);
    signs.look(held, 0, 17);
    signs.look(held, 2, 0);
    signs.look(held, 2, 4);
    assertEquals(21, signs.seen().acknowledged());
  }

  @Test
  void whereNobodyWantsToKnowKeysAreNotLookedAt() {
    var unused = arrives(0, "a");
    BacklogSigns idle = new BacklogSigns(false);
    idle.look(held, 2, 0);
    assertEquals(WorkSum.ZERO, idle.seen().work());
    assertEquals(1, idle.seen().held());
  }
}
