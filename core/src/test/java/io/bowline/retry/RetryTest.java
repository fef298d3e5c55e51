// SPDX-License-Identifier: Apache-2.0
package io.bowline.retry;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryTest {
  private final RandomGenerator random = new Random(7);
  private final Retry steady = Retry.forever().backoff(ofMillis(100), ofSeconds(30)).jitter(0);

  @Test
  void theWaitDoubles() {
    assertEquals(ofMillis(100), steady.delayAfter(1, random));
    assertEquals(ofMillis(200), steady.delayAfter(2, random));
    assertEquals(ofMillis(400), steady.delayAfter(3, random));
    assertEquals(ofMillis(25_600), steady.delayAfter(9, random));
  }

  @Test
  void theWaitHasACap() {
    assertEquals(ofSeconds(30), steady.delayAfter(10, random));
    assertEquals(ofSeconds(30), steady.delayAfter(1_000, random));
    assertEquals(ofSeconds(30), steady.delayAfter(Integer.MAX_VALUE, random));
  }

  @Test
  void chanceTakesOffAtMostTheJitter() {
    Retry jittery = steady.jitter(0.2);
    Duration least = ofSeconds(31);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1_000; i++) {
      Duration delay = jittery.delayAfter(20, random);
      least = delay.compareTo(least) < 0 ? delay : least;
      most = delay.compareTo(most) > 0 ? delay : most;
    }
    assertTrue(least.compareTo(ofSeconds(24)) >= 0 && least.compareTo(ofSeconds(25)) < 0);
    assertTrue(most.compareTo(ofSeconds(30)) <= 0 && most.compareTo(ofSeconds(29)) > 0);
  }

  @Test
  void theLimitCountsTheFirstAttempt() {
    assertTrue(Retry.attempts(3).allowsAfter(2));
    assertFalse(Retry.attempts(3).allowsAfter(3));
    assertFalse(Retry.attempts(1).allowsAfter(1));
    assertTrue(Retry.forever().allowsAfter(Integer.MAX_VALUE - 1));
  }

  @Test
  void aWaitOfAgesIsNoError() {
    Retry ages = steady.backoff(ofSeconds(1), ofSeconds(Long.MAX_VALUE));
    assertEquals(ofSeconds(1), ages.delayAfter(1, random));
    assertTrue(ages.delayAfter(Integer.MAX_VALUE, random).compareTo(Duration.ofDays(1)) > 0);
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Retry.attempts(0));
    assertThrows(IllegalArgumentException.class, () -> steady.backoff(Duration.ZERO, ofMillis(1)));
    assertThrows(IllegalArgumentException.class, () -> steady.backoff(ofMillis(2), ofMillis(1)));
    assertThrows(IllegalArgumentException.class, () -> steady.jitter(1.1));
    assertThrows(IllegalArgumentException.class, () -> steady.jitter(Double.NaN));
  }
}
