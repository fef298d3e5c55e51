// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A circuit breaker's states, at a given time. */
class CircuitTest {
  private static final long SECOND = 1_000_000_000;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(4);

  /** Without jitter, since chance is none. */
  private final Circuit circuit =
      new Circuit(CircuitBreaker.after(3).backoff(FIRST, LONGEST), () -> 0);

  private void opens(long now) {
    for (int i = 0; i < 3; i++) {
      assertTrue(circuit.isClosed());
      assertTrue(circuit.failed(false, now));
    }
    assertFalse(circuit.isClosed());
  }

  @Test
  void itOpensAfterSoManyFailuresInARow() {
    assertEquals(0, circuit.untilNext(7));
    opens(7);
    assertEquals(SECOND, circuit.untilNext(7));
    assertFalse(circuit.isCalm());
  }

  @Test
  void aSuccessBetweenBeginsTheCountAnew() {
    assertTrue(circuit.failed(false, 0));
    assertTrue(circuit.failed(false, 0));
    assertFalse(circuit.isCalm());
    circuit.succeeded(false);
    assertTrue(circuit.isCalm());
    opens(0);
  }

  @Test
  void afterTheWaitOneCallProbesAndNoOther() {
    opens(0);
    assertEquals(1, circuit.untilNext(SECOND - 1));
    assertEquals(0, circuit.untilNext(SECOND));
    assertTrue(circuit.begin());
    assertTrue(circuit.isProbing());
    assertEquals(Admission.UNTIL_TOLD, circuit.untilNext(100 * SECOND));
  }

  @Test
  void aProbeThatEndsWellClosesItAndTheWaitsBeginAnew() {
    opens(0);
    assertTrue(circuit.begin());
    circuit.succeeded(true);
    assertTrue(circuit.isCalm());
    assertFalse(circuit.begin());
    opens(0);
    assertEquals(SECOND, circuit.untilNext(0));
  }

  @Test
  void aProbeThatFailsOpensItForTwiceAsLongUpToTheLongest() {
    opens(0);
    long now = 0;
    for (long wait : List.of(1, 2, 4, 4, 4)) {
      assertEquals(wait * SECOND, circuit.untilNext(now));
      now += wait * SECOND;
      assertTrue(circuit.begin());
      assertFalse(circuit.failed(true, now), "not held against its message");
    }
  }

  @Test
  void whatWasBegunBeforeItOpenedNeitherClosesNorProlongsIt() {
    opens(0);
    assertFalse(circuit.failed(false, SECOND / 2));
    circuit.succeeded(false);
    assertFalse(circuit.isClosed());
    assertEquals(SECOND / 2, circuit.untilNext(SECOND / 2));
  }

  @Test
  void aProbeThatToldNothingIsFollowedAtOnce() {
    opens(0);
    assertTrue(circuit.begin());
    circuit.toldNothing(2 * SECOND);
    assertEquals(0, circuit.untilNext(2 * SECOND));
    assertTrue(circuit.begin());
  }

  @Test
  void waitsAreShortenedByChanceByAFifthAtMost() {
    long seed = new Random().nextLong();
    Circuit random = new Circuit(CircuitBreaker.after(1).backoff(FIRST, LONGEST), new Random(seed));
    assertTrue(random.failed(false, 0));
    long wait = random.untilNext(0);
    assertTrue(wait > SECOND * 79 / 100 && wait <= SECOND, "seed " + seed + ": " + wait);
  }

  @Test
  void whichFailuresCountIsByClassAndCause() {
    CircuitBreaker any = CircuitBreaker.after(1);
    assertTrue(counts(any, new IllegalStateException()));
    assertTrue(counts(any, new StackOverflowError()));
    assertFalse(counts(any, new Unprocessable("bad")));
    CircuitBreaker some = any.on(IOException.class).on(IllegalStateException.class);
    assertTrue(counts(some, new EOFException()));
    assertTrue(counts(some, new UncheckedIOException(new IOException())));
    assertTrue(counts(some, new IllegalStateException()));
    assertFalse(counts(some, new IllegalArgumentException()));
  }

  @Test
  void whatNoFurtherTryCanMendNeverCounts() {
    FailureClasses fatal = FailureClasses.DEFAULT.with(true, List.of(IOException.class));
    CircuitBreaker rule = CircuitBreaker.after(1).on(IOException.class);
    assertFalse(rule.counts(new EOFException(), fatal));
    assertTrue(rule.counts(new EOFException(), FailureClasses.DEFAULT));
  }

  private static boolean counts(CircuitBreaker rule, Throwable failure) {
    return rule.counts(failure, FailureClasses.DEFAULT);
  }

  @Test
  void aRingOfCausesEnds() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    assertEquals(one, one.initCause(two));
    assertFalse(counts(CircuitBreaker.after(1).on(IOException.class), two));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> CircuitBreaker.after(0));
    CircuitBreaker one = CircuitBreaker.after(1);
    assertThrows(IllegalArgumentException.class, () -> one.backoff(Duration.ZERO, LONGEST));
    assertThrows(IllegalArgumentException.class, () -> one.backoff(LONGEST, FIRST));
  }
}
