// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.consumer.Handling.Next.DeadLetter;
import io.bowline.consumer.Handling.Next.Hold;
import io.bowline.consumer.Handling.Next.TakeApart;
import io.bowline.consumer.Handling.Next.TryAgain;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Undecodable;
import io.bowline.retry.Retry;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandlingTest {
  private final Retry retry = Retry.attempts(3).backoff(ofMillis(100), ofSeconds(30)).jitter(0);
  private final Random random = new Random(1);
  private final Handling withDeadLetters = new Handling(retry, FailureClasses.DEFAULT, true);
  private final Handling without = new Handling(retry, FailureClasses.DEFAULT, false);

  @Test
  void aFailureIsTriedAgainUpToTheLimit() {
    Exception failure = new Exception();
    assertEquals(new TryAgain(ofMillis(100)), withDeadLetters.failed(1, failure, random));
    assertEquals(new TryAgain(ofMillis(200)), withDeadLetters.failed(2, failure, random));
    assertEquals(new DeadLetter(), withDeadLetters.failed(3, failure, random));
  }

  @Test
  void anErrorIsAFailureLikeAnyOther() {
    assertEquals(
        new TryAgain(ofMillis(100)), withDeadLetters.failed(1, new StackOverflowError(), random));
  }

  @Test
  void whatIsUnprocessableIsNotTriedAgain() {
    Unprocessable failure = new Unprocessable("no such bean");
    assertEquals(new DeadLetter(), withDeadLetters.failed(1, failure, random));
    assertEquals(new Hold(ofSeconds(30)), without.failed(1, failure, random));
  }

  @Test
  void whatIsUndecodableIsNotTriedAgain() {
    Received message = Received.of(new Origin("t", 0, "1", "t/0/1"), null, Map.of(), new byte[0]);
    Undecodable failure = new Undecodable(message, "no bean");
    assertEquals(new DeadLetter(), withDeadLetters.failed(1, failure, random));
    assertEquals(new Hold(ofSeconds(30)), without.failed(1, failure, random));
  }

  @Test
  void withoutDeadLettersItIsHeldForEver() {
    assertEquals(new Hold(ofSeconds(30)), without.failed(3, new Exception(), random));
    assertEquals(new Hold(ofSeconds(30)), without.failed(9_999, new Exception(), random));
  }

  @Test
  void aBatchIsTriedAgainAndThenTakenApartNeverDeadLettered() {
    Exception failure = new Exception();
    for (Handling handling : new Handling[] {withDeadLetters, without}) {
      assertEquals(new TryAgain(ofMillis(100)), handling.failedTogether(1, failure, random));
      assertEquals(new TakeApart(), handling.failedTogether(3, failure, random));
      assertEquals(new TakeApart(), handling.failedTogether(1, new Unprocessable("no"), random));
    }
  }

  @Test
  void aDeadLetterIsSentAgainWithTheSameBackOff() {
    assertEquals(ofMillis(100), withDeadLetters.deadLetterDelay(1, random));
    assertEquals(ofSeconds(30), withDeadLetters.deadLetterDelay(99, random));
  }
}
