// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static io.bowline.transport.Verdict.NOT_STORED;
import static io.bowline.transport.Verdict.REFUSED;
import static io.bowline.transport.Verdict.UNKNOWN;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.producer.Sending.Next;
import io.bowline.producer.Sending.Next.GiveUp;
import io.bowline.producer.Sending.Next.TryAgain;
import io.bowline.producer.Sending.Reason;
import io.bowline.retry.Retry;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendingTest {
  private static final long START = Long.MAX_VALUE - 1_000;
  private static final long WITHIN = SECONDS.toNanos(10);
  private final Random random = new Random(1);

  private static Sending sending(int attempts) {
    Retry retry =
        Retry.attempts(attempts).backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)).jitter(0);
    Sending sending = new Sending(retry, WITHIN);
    sending.accepted(START);
    return sending;
  }

  private Next play(Sending sending, List<Verdict> verdicts) {
    Next next = new TryAgain(0);
    for (Verdict verdict : verdicts) {
      sending.tried();
      next = sending.failed(verdict, START, random);
    }
    return next;
  }

  /** All sequences of three verdicts, ended by whatever ends them. */
  @Test
  void onceUnknownItIsNeverRejected() {
    for (Verdict first : Verdict.values()) {
      for (Verdict second : Verdict.values()) {
        for (Verdict third : Verdict.values()) {
          List<Verdict> played = new ArrayList<>(List.of(first, second, third));
          int end = played.indexOf(REFUSED);
          List<Verdict> seen = end < 0 ? played : played.subList(0, end + 1);
          Outcome right = seen.contains(UNKNOWN) ? Outcome.UNKNOWN : Outcome.REJECTED;
          GiveUp over = assertInstanceOf(GiveUp.class, play(sending(3), seen), seen.toString());
          assertEquals(right, over.outcome(), seen.toString());
          assertEquals(end < 0 ? Reason.ATTEMPTS : Reason.REFUSED, over.reason());
        }
      }
    }
  }

  @Test
  void aFailedTryIsFollowedByAnotherAfterTheBackOff() {
    assertEquals(new TryAgain(SECONDS.toNanos(1)), play(sending(3), List.of(NOT_STORED)));
    assertEquals(new TryAgain(SECONDS.toNanos(1)), play(sending(3), List.of(UNKNOWN)));
  }

  @Test
  void noTryBeginsAfterTheLastMoment() {
    Sending sending = sending(99);
    assertTrue(sending.mayTry(START));
    assertTrue(sending.mayTry(START + WITHIN));
    assertFalse(sending.mayTry(START + WITHIN + 1));
    sending.tried();
    Next inTime = sending.failed(NOT_STORED, START + SECONDS.toNanos(9), random);
    assertInstanceOf(TryAgain.class, inTime);
    sending.tried();
    Next late = sending.failed(NOT_STORED, START + SECONDS.toNanos(9) + 1, random);
    assertEquals(new GiveUp(Outcome.REJECTED, Reason.DEADLINE), late);
  }

  @Test
  void aMessageThatCameJustNowMayBeTriedOnceHoweverShortItsTime() {
    Sending sending = new Sending(Retry.forever(), 0);
    sending.accepted(START);
    assertTrue(sending.mayTry(START));
    sending.tried();
    Next next = sending.failed(UNKNOWN, START, random);
    assertEquals(new GiveUp(Outcome.UNKNOWN, Reason.DEADLINE), next);
  }

  @Test
  void aDeadlineOfAgesIsNoError() {
    Sending sending =
        new Sending(Retry.forever(), SteadyClock.nanos(Duration.ofSeconds(Long.MAX_VALUE)));
    sending.accepted(START);
    assertTrue(sending.mayTry(START + Duration.ofDays(1).toNanos()));
  }

  @Test
  void whatIsAbandonedIsUnknownOnlyIfATryMayHaveStoredIt() {
    Sending fresh = sending(9);
    assertEquals(Outcome.REJECTED, fresh.abandoned(false));
    assertEquals(Outcome.UNKNOWN, fresh.abandoned(true));
    Sending failed = sending(9);
    play(failed, List.of(NOT_STORED));
    assertEquals(Outcome.REJECTED, failed.abandoned(false));
    play(failed, List.of(UNKNOWN));
    assertEquals(Outcome.UNKNOWN, failed.abandoned(false));
  }

  @Test
  void whatWasStoredIsNeverRejectedHoweverLateThatIsHeard() {
    Sending sending = sending(9);
    sending.tried();
    sending.stored();
    assertEquals(Outcome.UNKNOWN, sending.abandoned(false));
  }

  @Test
  void triesAreCounted() {
    Sending sending = sending(9);
    assertEquals(0, sending.attempts());
    play(sending, List.of(NOT_STORED, UNKNOWN));
    assertEquals(2, sending.attempts());
  }
}
