// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.retry.Retry;
import org.junit.jupiter.api.Test;

class KeyLinesTest {
  private final KeyLines lines = new KeyLines(2, new KeyRules(1, false));

  private KeyNumber confirmed(String key) {
    KeyLine line = lines.line(key);
    KeyNumber number = line.number();
    assertFalse(line.confirmed(number));
    return number;
  }

  @Test
  void aKeyKeepsItsLine() {
    assertSame(lines.line("a"), lines.line("a"));
    assertEquals(new KeyNumber(1, 0, true), confirmed("a"));
    assertEquals(new KeyNumber(2, 0, false), confirmed("a"));
    assertEquals(new KeyNumber(1, 0, true), confirmed("b"));
  }

  @Test
  void aForgottenKeyGoesOnAboveWhateverItHadAsAFirstOne() {
    confirmed("a");
    confirmed("a");
    confirmed("a");
    fourOthers();
    assertEquals(new KeyNumber(4, 0, true), confirmed("a"));
    assertEquals(new KeyNumber(5, 0, false), confirmed("a"));
  }

  @Test
  void theKeyThatWasIdleLongestIsForgotten() {
    confirmed("a");
    confirmed("b");
    confirmed("a");
    confirmed("c");
    assertEquals(new KeyNumber(3, 0, false), confirmed("a"));
  }

  @Test
  void whatIsForgottenNeverLowersTheNumbers() {
    for (int i = 0; i < 5; i++) {
      confirmed("a");
    }
    fourOthers();
    assertEquals(new KeyNumber(6, 0, true), confirmed("f"));
    assertEquals(new KeyNumber(6, 0, true), confirmed("g"));
  }

  /** So many that a key is forgotten even though it was used much before. */
  private void fourOthers() {
    confirmed("b");
    confirmed("c");
    confirmed("d");
    confirmed("e");
  }

  @Test
  void aBusyKeyIsNotForgotten() {
    KeyLine busy = lines.line("a");
    assertTrue(
        busy.admit(new PendingSend(Message.to("t"), "id", new Sending(Retry.forever(), 0), 0)));
    for (int i = 0; i < 10; i++) {
      confirmed("other-" + i);
    }
    assertSame(busy, lines.line("a"));
  }
}
