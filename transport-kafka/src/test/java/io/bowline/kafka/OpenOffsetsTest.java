// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class OpenOffsetsTest {
  private final OpenOffsets open = new OpenOffsets();

  @Test
  void theLowestIsFirstInWhateverOrderTheyLeave() {
    open.put(5, 1);
    open.put(6, 1);
    open.put(9, 1);
    assertTrue(open.remove(6));
    assertEquals(5, open.first());
    assertTrue(open.remove(5));
    assertEquals(9, open.first());
    assertTrue(open.remove(9));
    assertTrue(open.isEmpty());
  }

  @Test
  void whatIsNotThereIsNotRemoved() {
    assertFalse(open.remove(5));
    open.put(5, 1);
    open.put(9, 1);
    assertFalse(open.remove(7));
    assertFalse(open.contains(4));
    assertTrue(open.remove(9));
    assertFalse(open.remove(9));
  }

  /** Against a sorted map; logs with and without holes, and offsets that come late. */
  @Test
  void itIsAMapInTheOrderOfOffsets() {
    long seed = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", seed);
    for (int world = 0; world < 300; world++) {
      play(new Random(seed + world), "seed " + seed + " world " + world);
    }
  }

  private static void play(Random random, String name) {
    OpenOffsets open = new OpenOffsets();
    NavigableMap<Long, Integer> model = new TreeMap<>();
    int hole = 1 + random.nextInt(3) * random.nextInt(1_000);
    long next = random.nextInt(5);
    for (int step = 0; step < 600; step++) {
      boolean ahead = random.nextInt(20) > 0;
      next += ahead ? 1 + random.nextInt(hole) : 0;
      long offset = ahead ? next : Math.max(0, next - random.nextInt(20 * hole));
      if (random.nextInt(5) < 3) {
        int attempt = 1 + random.nextInt(3);
        open.put(offset, attempt);
        model.put(offset, attempt);
      }
      long any = any(model, offset, random);
      assertEquals(model.containsKey(any), open.contains(any), name);
      assertEquals(model.remove(any) != null, open.remove(any), name);
      assertEquals(model.isEmpty(), open.isEmpty(), name);
      if (!model.isEmpty()) {
        assertEquals(model.firstKey(), open.first(), name);
      }
    }
    assertEquals(Map.copyOf(model), Map.copyOf(open.all()), name);
  }

  private static long any(NavigableMap<Long, Integer> model, long offset, Random random) {
    Long found = model.ceilingKey(offset - random.nextInt(50));
    boolean near = found == null || random.nextInt(4) == 0;
    return near ? offset + random.nextInt(3) : found;
  }
}
