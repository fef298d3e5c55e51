// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.retry.Retry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KeyLineTest {
  private final KeyLine line = new KeyLine(0, new KeyRules(1, false));
  private boolean underWay;
  private final KeyLine pipelined = new KeyLine(0, new KeyRules(Integer.MAX_VALUE, false));

  private KeyNumber confirmed() {
    KeyNumber number = line.number();
    assertFalse(line.confirmed(number));
    return number;
  }

  private PendingSend send(KeyLine line) {
    PendingSend send =
        new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
    underWay = line.admit(send);
    return send;
  }

  /** As many messages under way as asked for, numbered, behind a first one that was confirmed. */
  private List<PendingSend> underWay(int count) {
    send(pipelined);
    assertTrue(underWay);
    pipelined.confirmed(pipelined.number());
    pipelined.answered();
    List<PendingSend> sends = IntStream.range(0, count).mapToObj(i -> send(pipelined)).toList();
    assertNull(pipelined.next());
    for (PendingSend send : sends) {
      send.keyNumber = pipelined.number();
      send.number = send.keyNumber.sequence();
    }
    return sends;
  }

  @Nested
  class Numbers {
    @Test
    void numbersFollowOneAnotherAndTheFirstIsMarked() {
      assertEquals(new KeyNumber(1, 0, true), confirmed());
      assertEquals(new KeyNumber(2, 0, false), confirmed());
      assertEquals(new KeyNumber(3, 0, false), confirmed());
    }

    @Test
    void aNumberTakenBackIsUsedAgain() {
      confirmed();
      assertEquals(2, line.number().sequence());
      line.takeBack(2);
      assertEquals(new KeyNumber(2, 0, false), confirmed());
    }

    @Test
    void givenUpNumbersAreVoidedByTheNextOneThatArrives() {
      confirmed();
      assertEquals(2, line.number().sequence());
      line.giveUp(2);
      assertEquals(new KeyNumber(3, 1, false), line.number());
      line.giveUp(3);
      assertEquals(new KeyNumber(4, 2, false), line.number());
      line.takeBack(4);
      assertEquals(new KeyNumber(4, 2, false), confirmed());
      assertEquals(new KeyNumber(5, 0, false), confirmed());
    }

    @Test
    void theFirstStaysMarkedUntilOneIsConfirmed() {
      assertEquals(1, line.number().sequence());
      line.takeBack(1);
      assertEquals(new KeyNumber(1, 0, true), line.number());
      line.giveUp(1);
      assertEquals(new KeyNumber(2, 1, true), confirmed());
      assertEquals(new KeyNumber(3, 0, false), confirmed());
    }

    @Test
    void aNumberInTheMidstIsVoidedNotTakenBack() {
      List<PendingSend> three = underWay(3);
      pipelined.takeBack(three.get(1).number);
      assertEquals(new KeyNumber(5, 1, 3, false), pipelined.number());
    }

    @Test
    void rangesApartAreToldOneByOneAndEachUntilItArrived() {
      underWay(7);
      pipelined.giveUp(3);
      pipelined.giveUp(5);
      pipelined.giveUp(6);
      KeyNumber ninth = pipelined.number();
      KeyNumber tenth = pipelined.number();
      assertEquals(new KeyNumber(9, 1, 3, false), ninth);
      assertEquals(new KeyNumber(10, 1, 3, false), tenth);
      pipelined.confirmed(ninth);
      assertEquals(new KeyNumber(11, 2, 6, false), pipelined.number());
      pipelined.confirmed(tenth);
      assertEquals(new KeyNumber(12, 2, 6, false), pipelined.number(), "told by none yet");
    }

    @Test
    void aRangeThatGrewSinceItWasToldLeavesTheRest() {
      underWay(5);
      pipelined.giveUp(3);
      KeyNumber seventh = pipelined.number();
      pipelined.giveUp(4);
      pipelined.confirmed(seventh);
      assertEquals(new KeyNumber(8, 1, 4, false), pipelined.number());
    }

    @Test
    void rangesAreBounded() {
      underWay(3 * KeyLine.MAX_VOIDED);
      for (int i = 0; i <= KeyLine.MAX_VOIDED; i++) {
        pipelined.giveUp(2 + 2L * i);
      }
      assertEquals(4, pipelined.number().firstVoided(), "the oldest is forgotten");
    }
  }

  @Nested
  class Ways {
    @Test
    void strictlyOneGoesAtATime() {
      send(line);
      assertTrue(underWay);
      PendingSend second = send(line);
      assertFalse(underWay);
      assertNull(line.next());
      assertFalse(line.nothingWaits());
      line.answered();
      assertSame(second, line.next());
      assertTrue(line.nothingWaits());
      line.answered();
      assertTrue(line.idle());
    }

    @Test
    void pipelinedTheFirstGoesAloneAndThenAllGo() {
      send(pipelined);
      PendingSend second = send(pipelined);
      assertFalse(underWay);
      PendingSend third = send(pipelined);
      assertNull(pipelined.next());
      pipelined.confirmed(pipelined.number());
      assertSame(second, pipelined.next());
      send(pipelined);
      assertFalse(underWay, "one waits before it");
      assertSame(third, pipelined.next());
      assertNotNull(pipelined.next());
      send(pipelined);
      assertTrue(underWay);
    }

    @Test
    void afterAFailureNothingNewGoesAndTheFailedGoAgainInOrderOnceAllAreAnswered() {
      List<PendingSend> three = underWay(3);
      pipelined.answered();
      pipelined.failed(three.get(1), 7);
      PendingSend waiting = send(pipelined);
      assertFalse(underWay);
      assertNull(pipelined.next());
      assertEquals(-1, pipelined.planResend(), "two are under way");
      pipelined.answered();
      pipelined.failed(three.get(0), 5);
      assertEquals(-1, pipelined.planResend(), "one is under way");
      pipelined.answered();
      assertFalse(pipelined.confirmed(new KeyNumber(4, 0, false)));
      assertEquals(7, pipelined.planResend(), "the longest back-off");
      assertEquals(-1, pipelined.planResend(), "planned already");
      assertNull(pipelined.next());
      assertEquals(List.of(three.get(0), three.get(1)), pipelined.resend());
      assertSame(waiting, pipelined.next());
    }

    @Test
    void nothingNewGoesFromTheMomentAFailureIsToldUntilItIsDealtWith() {
      underWay(1);
      pipelined.failureTold();
      PendingSend next = send(pipelined);
      assertFalse(underWay);
      assertNull(pipelined.next());
      assertFalse(pipelined.nothingWaits());
      pipelined.failureHeard();
      assertSame(next, pipelined.next());
    }

    @Test
    void whoIsConfirmedBehindALaterOneBreaksTheOrder() {
      List<PendingSend> two = underWay(2);
      assertFalse(pipelined.confirmed(requireNonNull(two.get(1).keyNumber)));
      assertTrue(pipelined.confirmed(requireNonNull(two.get(0).keyNumber)));
    }

    @Test
    void aFailedOneThatWasStoredAfterAllIsNotSentAgain() {
      PendingSend only = underWay(1).get(0);
      pipelined.answered();
      pipelined.failed(only, 7);
      assertEquals(7, pipelined.planResend());
      pipelined.recovered(only);
      send(pipelined);
      assertTrue(underWay);
      assertEquals(List.of(), pipelined.resend(), "while another is under way");
      assertEquals(-1, pipelined.planResend(), "nothing failed");
    }
  }

  @Nested
  class NumbersThatWereSentBefore {
    private final KeyLine drawn = new KeyLine(0, new KeyRules(1, true));

    private PendingSend numbered(long number, boolean again) {
      PendingSend send =
          new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
      send.number = number;
      send.again = again;
      return send;
    }

    private KeyNumber sent(PendingSend send) {
      assertFalse(drawn.tooLow(send));
      assertTrue(drawn.admit(send));
      drawn.begins(send);
      drawn.answered();
      boolean unused = drawn.confirmed(requireNonNull(send.keyNumber));
      return send.keyNumber;
    }

    @Test
    void areTakenAndChangeNothingForTheNextOnes() {
      assertEquals(new KeyNumber(7, 0, true), sent(numbered(7, false)));
      assertTrue(drawn.tooLow(numbered(3, false)));
      assertEquals(new KeyNumber(3, 0, true), sent(numbered(3, true)));
      assertTrue(drawn.tooLow(numbered(7, false)));
      assertEquals(new KeyNumber(8, 0, true), sent(numbered(8, false)));
      assertEquals(new KeyNumber(9, 0, false), sent(numbered(9, false)));
    }

    @Test
    void areNotVoidedIfTheyAreGivenUp() {
      KeyNumber unused = sent(numbered(7, false));
      PendingSend lower = numbered(3, true);
      assertTrue(drawn.admit(lower));
      drawn.begins(lower);
      drawn.answered();
      drawn.givenUp(lower, Outcome.REJECTED);
      PendingSend never = numbered(4, true);
      assertTrue(drawn.admit(never));
      drawn.neverBegins(never);
      assertEquals(0, sent(numbered(8, false)).voided());
    }
  }
}
