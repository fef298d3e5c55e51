// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Message;
import io.bowline.retry.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LaneChainTest {
  private final LaneChain chain = new LaneChain(3, LaneNumber.NOT_KNOWN);

  private static LaneNumber number(PendingSend send) {
    LaneNumber number = send.laneNumber;
    if (number == null) {
      throw new AssertionError("not numbered");
    }
    return number;
  }

  private PendingSend begun() {
    PendingSend send =
        new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
    send.laneNumber = chain.begin(send);
    return send;
  }

  private List<PendingSend> begun(int count) {
    List<PendingSend> sends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sends.add(begun());
    }
    return sends;
  }

  private void confirmOne() {
    chain.confirmed(begun());
  }

  private static LaneNumber told(long sequence, long open, long opens, Range... voided) {
    return new LaneNumber(3, sequence, open, List.of(voided), opens, -1);
  }

  @Test
  void numbersFollowOneAnotherAndOpenTheChainUntilOneIsConfirmed() {
    assertEquals(told(1, 0, 1), number(begun()));
    PendingSend second = begun();
    assertEquals(told(2, 1, 1), number(second));
    chain.confirmed(second);
    assertEquals(told(3, 2, 0), number(begun()));
  }

  @Test
  void whatHasNoOutcomeIsNotPromised() {
    confirmOne();
    List<PendingSend> three = begun(3); // 2, 3, 4
    chain.confirmed(three.get(2));
    chain.confirmed(three.get(1));
    assertEquals(told(5, 3, 0), number(begun()));
    chain.confirmed(three.get(0));
    assertEquals(told(6, 1, 0), number(begun()));
  }

  @Test
  void aWatermarkSaysWhatTheNextMessageWouldAndTakesNoNumber() {
    assertNull(chain.watermark(), "nothing was sent");
    List<PendingSend> three = begun(3);
    assertEquals(told(4, 3, 1), chain.watermark());
    chain.confirmed(three.get(0));
    chain.confirmed(three.get(2));
    assertEquals(told(4, 2, 0), chain.watermark());
    chain.confirmed(three.get(1));
    assertEquals(told(4, 0, 0), chain.watermark());
    assertEquals(told(4, 0, 0), number(begun()));
  }

  @Test
  void whatAConfirmedWatermarkToldIsNotToldAgain() {
    confirmOne();
    List<PendingSend> four = begun(4); // 2, 3, 4, 5
    chain.givenUp(four.get(0), Outcome.UNKNOWN);
    chain.givenUp(four.get(2), Outcome.UNKNOWN);
    LaneNumber both = told(6, 3, 0, new Range(2, 2), new Range(4, 4));
    assertEquals(both, chain.watermark());
    chain.told(both);
    assertEquals(told(6, 3, 0), chain.watermark());
    assertEquals(told(6, 3, 0), number(begun()));
  }

  @Test
  void aPreviousEpochIsToldAsLongAsTheChainOpens() {
    LaneChain next = new LaneChain(0, 77);
    PendingSend send = begun();
    send.laneNumber = next.begin(send);
    assertEquals(77, number(send).previousEpoch());
    next.confirmed(send);
    assertEquals(LaneNumber.NOT_KNOWN, next.begin(begun()).previousEpoch());
  }

  @Test
  void aRejectedLastNumberIsGivenOutAgain() {
    confirmOne();
    chain.givenUp(begun(), Outcome.REJECTED);
    assertEquals(told(2, 0, 0), number(begun()));
  }

  @Test
  void anUnknownNumberIsNeverGivenOutAgain() {
    confirmOne();
    chain.givenUp(begun(), Outcome.UNKNOWN);
    assertEquals(told(3, 0, 0, new Range(2, 2)), number(begun()));
  }

  @Test
  void whatIsVoidedIsToldUntilOneThatSaysSoIsConfirmed() {
    confirmOne();
    List<PendingSend> sends = begun(3); // 2, 3, 4
    chain.confirmed(sends.get(2));
    chain.givenUp(sends.get(0), Outcome.REJECTED);
    PendingSend fifth = begun();
    assertEquals(told(5, 2, 0, new Range(2, 2)), number(fifth));
    chain.givenUp(sends.get(1), Outcome.UNKNOWN);
    PendingSend sixth = begun();
    assertEquals(told(6, 1, 0, new Range(2, 3)), number(sixth));
    chain.confirmed(fifth);
    assertEquals(told(7, 1, 0, new Range(3, 3)), number(begun()));
    chain.confirmed(sixth);
    assertEquals(told(8, 1, 0), number(begun()));
  }

  @Test
  void whatIsVoidedAndNotToldYetIsNotPromised() {
    confirmOne();
    List<PendingSend> sends = begun(12); // 2 to 13
    for (int i = 0; i < 12; i++) {
      if (i % 2 == 0) {
        chain.givenUp(sends.get(i), Outcome.UNKNOWN);
      } else {
        chain.confirmed(sends.get(i));
      }
    }
    LaneNumber next = number(begun());
    assertEquals(LaneNumber.MAX_VOIDED, next.voided().size());
    assertEquals(9, next.promised(), "10 is voided, and this one does not say so");
  }

  @Test
  void aLateConfirmOfWhatWasGivenUpChangesNothing() {
    confirmOne();
    PendingSend second = begun();
    chain.givenUp(second, Outcome.UNKNOWN);
    chain.confirmed(second);
    chain.givenUp(second, Outcome.UNKNOWN);
    assertEquals(told(3, 0, 0, new Range(2, 2)), number(begun()));
  }

  @Test
  void withMoreVoidsThanAreRememberedTheChainBeginsAnew() {
    confirmOne();
    List<PendingSend> sends = begun(2 * LaneChain.MAX_VOIDED + 2);
    for (int i = 0; i < sends.size(); i += 2) {
      chain.givenUp(sends.get(i), Outcome.UNKNOWN);
    }
    long next = sends.size() + 2L;
    LaneNumber anew = number(begun());
    assertEquals(next, anew.sequence());
    assertEquals(next, anew.opens());
    assertEquals(List.of(), anew.voided());
  }

  /** Against a model that remembers all: a promise is never broken, and none is held back. */
  @RepeatedTest(50)
  void whatIsPromisedIsConfirmedOrToldAsVoided(RepetitionInfo repetition) {
    new Model(new Random(20_261_121L * repetition.getCurrentRepetition())).play();
  }

  private final class Model {
    final Random random;
    final List<PendingSend> open = new ArrayList<>();
    final TreeSet<Long> unresolved = new TreeSet<>();
    final TreeSet<Long> given = new TreeSet<>();
    final TreeSet<Long> told = new TreeSet<>();
    long last;

    Model(Random random) {
      this.random = random;
    }

    void play() {
      for (int step = 0; step < 2_000; step++) {
        if (open.isEmpty() || random.nextInt(5) < 2) {
          begin();
        } else {
          end(open.remove(random.nextInt(Math.min(8, open.size()))));
        }
      }
    }

    void begin() {
      PendingSend send = begun();
      LaneNumber number = number(send);
      assertEquals(++last, number.sequence());
      TreeSet<Long> known = new TreeSet<>(told);
      number.voided().forEach(range -> addAll(range, known));
      TreeSet<Long> unknown = new TreeSet<>(given);
      unknown.removeAll(known);
      unknown.addAll(unresolved);
      unknown.add(last);
      assertEquals(unknown.first() - 1, number.promised());
      unresolved.add(last);
      open.add(send);
    }

    void end(PendingSend send) {
      LaneNumber number = number(send);
      unresolved.remove(number.sequence());
      int fate = random.nextInt(10);
      if (fate < 7) {
        chain.confirmed(send);
        number.voided().forEach(range -> addAll(range, told));
        return;
      }
      chain.givenUp(send, fate == 7 ? Outcome.REJECTED : Outcome.UNKNOWN);
      if (fate == 7 && number.sequence() == last) {
        last--;
      } else {
        given.add(number.sequence());
      }
    }

    private static void addAll(Range range, Set<Long> to) {
      for (long n = range.from(); n <= range.to(); n++) {
        to.add(n);
      }
    }
  }
}
