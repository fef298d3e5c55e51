// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.message.Stamp.KeyNumber;
import org.junit.jupiter.api.Test;

class KeyLineTest {
  private final KeyLine line = new KeyLine(0);

  private KeyNumber confirmed() {
    KeyNumber number = line.next();
    line.confirmed();
    return number;
  }

  @Test
  void numbersFollowOneAnotherAndTheFirstIsMarked() {
    assertEquals(new KeyNumber(1, 0, true), confirmed());
    assertEquals(new KeyNumber(2, 0, false), confirmed());
    assertEquals(new KeyNumber(3, 0, false), confirmed());
  }

  @Test
  void aNumberTakenBackIsUsedAgain() {
    confirmed();
    assertEquals(2, line.next().sequence());
    line.takeBack();
    assertEquals(new KeyNumber(2, 0, false), confirmed());
  }

  @Test
  void givenUpNumbersAreVoidedByTheNextOneThatArrives() {
    confirmed();
    line.next();
    line.giveUp();
    assertEquals(new KeyNumber(3, 1, false), line.next());
    line.giveUp();
    assertEquals(new KeyNumber(4, 2, false), line.next());
    line.takeBack();
    assertEquals(new KeyNumber(4, 2, false), confirmed());
    assertEquals(new KeyNumber(5, 0, false), confirmed());
  }

  @Test
  void theFirstStaysMarkedUntilOneIsConfirmed() {
    line.next();
    line.takeBack();
    assertEquals(new KeyNumber(1, 0, true), line.next());
    line.giveUp();
    assertEquals(new KeyNumber(2, 1, true), confirmed());
    assertEquals(new KeyNumber(3, 0, false), confirmed());
  }
}
