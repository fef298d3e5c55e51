// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ParkedKeysTest {
  private final ParkedKeys parked = new ParkedKeys(2);

  @Test
  void aKeyIsParkedForItsFirstMessageUntilItIsUnparked() {
    assertNull(parked.parkedFor("a"));
    assertTrue(parked.park("a", "1"));
    assertTrue(parked.park("a", "2"));
    assertEquals("1", parked.parkedFor("a"));
    assertEquals(Set.of("a"), parked.keys());
    assertTrue(parked.unpark("a"));
    assertFalse(parked.unpark("a"));
    assertNull(parked.parkedFor("a"));
  }

  @Test
  void noMoreKeysThanTheBoundAreParked() {
    assertTrue(parked.park("a", "1"));
    assertTrue(parked.park("b", "1"));
    assertFalse(parked.park("c", "1"));
    assertNull(parked.parkedFor("c"));
    assertTrue(parked.park("a", "2"), "it is parked already");
    assertTrue(parked.unpark("b"));
    assertTrue(parked.park("c", "1"));
  }
}
