// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.retry.Retry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The line of a key whose numbers a store hands out. */
class DrawnKeyLineTest {
  private final KeyRules rules = new KeyRules(1, true);
  private final KeyLine stored = new KeyLine(0, rules);
  private boolean underWay;

  private KeyNumber confirmed(long drawn) {
    KeyNumber number = stored.number(drawn);
    assertFalse(stored.confirmed(number));
    return number;
  }

  private PendingSend admitted(long drawn) {
    PendingSend send = numbered(drawn);
    underWay = stored.admit(send);
    return send;
  }

  @Test
  void numbersAreThoseThatWereDrawn() {
    assertEquals(new KeyNumber(4, 0, true), confirmed(4));
    assertEquals(new KeyNumber(5, 0, false), confirmed(5));
  }

  @Test
  void behindNumbersOfOthersAConsumerBeginsAnewUntilOneIsConfirmed() {
    assertEquals(new KeyNumber(1, 0, true), confirmed(1));
    KeyNumber behind = stored.number(4);
    assertEquals(new KeyNumber(4, 0, true), behind);
    assertEquals(new KeyNumber(5, 0, true), stored.number(5));
    assertFalse(stored.confirmed(behind));
    assertEquals(new KeyNumber(6, 0, false), stored.number(6));
  }

  @Test
  void anEarlierOneThatIsConfirmedLateDoesNotEndThat() {
    assertEquals(new KeyNumber(1, 0, true), confirmed(1));
    KeyNumber second = stored.number(2);
    assertEquals(new KeyNumber(9, 0, true), stored.number(9));
    assertFalse(stored.confirmed(second));
    assertEquals(new KeyNumber(10, 0, true), stored.number(10));
  }

  @Test
  void whatIsRefusedIsVoidedEvenIfItIsTheLast() {
    assertEquals(new KeyNumber(1, 0, true), confirmed(1));
    PendingSend refused = admitted(2);
    stored.begins(refused);
    stored.givenUp(refused, Outcome.REJECTED);
    assertEquals(new KeyNumber(3, 1, false), confirmed(3));
    assertEquals(new KeyNumber(4, 0, false), confirmed(4));
  }

  @Test
  void whatNeverBeginsIsVoidedToo() {
    assertEquals(new KeyNumber(1, 0, true), confirmed(1));
    stored.neverBegins(admitted(2));
    assertTrue(stored.idle());
    assertEquals(new KeyNumber(3, 1, false), stored.number(3));
    stored.neverBegins(admitted(7));
    assertEquals(new KeyNumber(8, 1, true), stored.number(8), "nobody asks for 2 any more");
  }

  @Test
  void aNumberThatIsNotAboveAllBeforeIsTooLow() {
    PendingSend first = admitted(3);
    stored.begins(first);
    PendingSend second = admitted(5);
    assertFalse(underWay);
    for (long number = 1; number <= 5; number++) {
      assertTrue(stored.tooLow(numbered(number)), "" + number);
    }
    assertFalse(stored.tooLow(numbered(6)));
    stored.answered();
    assertSame(second, stored.next());
  }

  private PendingSend numbered(long drawn) {
    PendingSend send =
        new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
    send.number = drawn;
    return send;
  }

  @Test
  void aKeyThatWasForgottenGoesOnExactly() {
    KeyLines lines = new KeyLines(1, rules);
    KeyNumber first = lines.line("a").number(70);
    assertFalse(lines.line("a").confirmed(first));
    for (String other : List.of("b", "c", "d")) {
      assertFalse(lines.line(other).tooLow(numbered(1)), other);
    }
    assertEquals(new KeyNumber(71, 0, true), lines.line("a").number(71));
  }
}
