// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Stamp.KeyNumber;
import org.junit.jupiter.api.Test;

class StampTest {

  @Test
  void idSourceAndEpochAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Stamp("", "s", 1, null));
    assertThrows(IllegalArgumentException.class, () -> new Stamp("i", " ", 1, null));
    assertThrows(IllegalArgumentException.class, () -> new Stamp("i", "s", -1, null));
  }

  @Test
  void numbersBeginWithOneAndVoidOnlyEarlierOnes() {
    assertThrows(IllegalArgumentException.class, () -> new KeyNumber(0, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new KeyNumber(2, 2, false));
    assertThrows(IllegalArgumentException.class, () -> new KeyNumber(2, -1, false));
    assertEquals(1, new KeyNumber(2, 1, false).voided());
  }

  @Test
  void aMessageWithoutKeyHasNoNumber() {
    assertTrue(new Stamp("i", "s", 1, null).keyNumber().isEmpty());
  }
}
