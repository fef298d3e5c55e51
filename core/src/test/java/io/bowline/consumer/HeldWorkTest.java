// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeldWorkTest {
  private static final long PLENTY = 1L << 40;

  private static Work arrives(HeldWork held, int lane, int bytes) {
    Work work = Works.of(held.lane(lane), "k", bytes);
    held.arrived(work);
    return work;
  }

  @Test
  void messagesAreBounded() {
    HeldWork held = new HeldWork(10, PLENTY);
    assertEquals(10, held.room());
    for (int i = 0; i < 8; i++) {
      arrives(held, 0, 1);
    }
    assertEquals(2, held.room());
    arrives(held, 0, 1);
    assertEquals(0, held.room(), "too little to ask for");
  }

  @Test
  void oneAtATimeWorks() {
    HeldWork held = new HeldWork(1, 1);
    assertEquals(1, held.room());
    Work work = arrives(held, 0, 1_000);
    assertEquals(0, held.room());
    held.settled(work);
    assertEquals(1, held.room());
  }

  @Test
  void bytesAreBounded() {
    HeldWork held = new HeldWork(1_000, 8 << 20);
    assertEquals(8, held.room(), "bodies not yet seen may be large");
    Work work = arrives(held, 0, 8 << 20);
    assertEquals(0, held.room());
    held.settled(work);
    assertEquals(1, held.room());
  }

  @Test
  void smallBodiesAreAskedForInLargerRunsByAndBy() {
    HeldWork held = new HeldWork(1_000, 8 << 20);
    int before = held.room();
    for (int i = 0; i < 500; i++) {
      held.settled(arrives(held, 0, 10));
    }
    assertTrue(held.room() > 10 * before, before + " then " + held.room());
    assertTrue(held.room() <= 500);
  }

  @Test
  void aRemovedLaneCountsNoMoreAndSettlingItsWorkChangesNothing() {
    HeldWork held = new HeldWork(10, PLENTY);
    Work gone = arrives(held, 1, 5);
    Work kept = arrives(held, 2, 5);
    List<LaneWork> removed = held.remove(Set.of(1, 7));
    assertEquals(1, removed.size());
    assertFalse(removed.get(0).isOpen());
    assertEquals(1, held.messages());
    held.settled(gone);
    assertEquals(1, held.messages());
    arrives(held, 1, 5);
    held.settled(gone);
    assertEquals(2, held.messages(), "an older assignment's work is not the newer one's");
    held.settled(kept);
    assertEquals(1, held.messages());
  }

  @Test
  void theAccountsNeverDrift() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    HeldWork held = new HeldWork(50, 1_000);
    List<Work> open = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (held.room() > 0 && random.nextBoolean()) {
        open.add(arrives(held, random.nextInt(4), random.nextInt(60)));
      } else if (random.nextInt(20) == 0) {
        held.remove(new HashSet<>(List.of(random.nextInt(4))));
      } else if (!open.isEmpty()) {
        held.settled(open.remove(random.nextInt(open.size())));
      }
      assertTrue(held.messages() >= 0 && held.messages() <= 50, "seed " + seed);
    }
    open.forEach(held::settled);
    assertEquals(0, held.messages(), "seed " + seed);
    assertTrue(held.room() > 0, "seed " + seed);
  }
}
