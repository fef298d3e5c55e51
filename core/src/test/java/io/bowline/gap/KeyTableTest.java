// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private final KeyTable table = new KeyTable();

  @Test
  void largeNumbersAreKeptByTheirNearness() {
    long hash = KeyTable.hash("a", 1);
    long sequence = (7L << 32) - 3;
    table.add(hash, sequence, 1);
    assertTrue(table.find(hash));
    assertEquals(sequence, table.sequence(sequence + 9));
    assertEquals(sequence, table.sequence(sequence - 9));
    assertEquals(1, table.laneSequence(50));
  }

  @Test
  void keysOfOtherChainsAreOthers() {
    table.add(KeyTable.hash("a", 1), 5, 5);
    assertFalse(table.find(KeyTable.hash("a", 2)));
    assertFalse(table.find(KeyTable.hash("b", 1)));
  }

  @Test
  void itIsAMapUntilItIsFull() {
    Random random = new Random(1);
    Map<String, Long> model = new HashMap<>();
    for (int i = 0; i < 60_000; i++) {
      String key = "key-" + random.nextInt(20_000);
      long hash = KeyTable.hash(key, 3);
      Long known = model.get(key);
      if (table.find(hash)) {
        assertEquals(known, Long.valueOf(table.sequence(i)), key);
        table.update(i, i);
      } else {
        assertEquals(null, known, key);
        table.add(hash, i, i);
      }
      model.put(key, (long) i);
    }
  }

  @Test
  void keysAreBoundedAndWhoeverWasSilentLongIsForgotten() {
    long silent = KeyTable.hash("silent", 1);
    table.add(silent, 1, 1);
    long busy = KeyTable.hash("busy", 1);
    table.add(busy, 1, 1);
    for (int i = 0; i < 8 * KeyTable.MAX_KEYS; i++) {
      table.add(KeyTable.hash("other-" + i, 1), 1, 1);
      if (!table.find(busy)) {
        table.add(busy, 1, 1);
      }
    }
    assertFalse(table.find(silent));
    assertTrue(table.find(busy));
    assertTrue(table.find(KeyTable.hash("other-" + (8 * KeyTable.MAX_KEYS - 1), 1)));
  }
}
