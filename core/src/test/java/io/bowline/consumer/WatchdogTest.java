// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From what happens to a consumer to its health, at a given time. */
class WatchdogTest {
  private static final long MINUTE = 60_000_000_000L;

  private long now = MINUTE;
  private final HeldWork held = new HeldWork(1_000, 1 << 20);
  private final Gate gate = new Gate("test", Gate.Rules.NONE, () -> now, (delay, task) -> {});
  private final Watchdog watchdog = new Watchdog("test", 5 * MINUTE, () -> now, gate);
  private long settled;

  private Work arrives() {
    Work work = Works.of(held.lane(0), "k", 1);
    held.arrived(work);
    return work;
  }

  private Status after(long nanos) {
    now += nanos;
    watchdog.turned(held, settled);
    watchdog.check();
    return watchdog.health().status();
  }

  @Test
  void itLooksOnceASecondOrMoreOftenIfThatIsShort() {
    assertEquals(Duration.ofSeconds(1), watchdog.period());
    assertEquals(Duration.ofMillis(25), new Watchdog("t", 100_000_000, () -> now, gate).period());
    assertEquals(Duration.ofMillis(5), new Watchdog("t", 1, () -> now, gate).period());
  }

  @Test
  void aHandlerThatHangsIsFoundAndForgottenWhenItReturns() {
    Work work = arrives();
    watchdog.began(work);
    assertEquals(Status.UP, after(MINUTE));
    assertEquals(Status.STUCK, after(5 * MINUTE));
    watchdog.ended(work, null);
    held.settled(work);
    settled++;
    assertEquals(Status.UP, after(MINUTE));
  }

  @Test
  void messagesThatWaitForNothingAreFound() {
    arrives();
    assertEquals(Status.UP, after(MINUTE));
    assertEquals(Status.STUCK, after(5 * MINUTE));
    settled++;
    assertEquals(Status.UP, after(MINUTE));
  }

  @Test
  void aPauseIsNoLackOfProgressAndTheCountBeginsAfterIt() {
    arrives();
    gate.pause("for a test");
    assertEquals(Status.DEGRADED, after(60 * MINUTE));
    gate.resume();
    assertEquals(Status.UP, after(MINUTE));
    assertEquals(Status.STUCK, after(5 * MINUTE));
  }

  @Test
  void failuresInARowAreCountedUntilOneCallEndsWell() {
    Work work = arrives();
    for (int i = 0; i < Diagnosis.MANY_FAILURES; i++) {
      assertEquals(Status.UP, after(1));
      watchdog.began(work);
      watchdog.ended(work, new IllegalStateException("secret"));
    }
    assertEquals(Status.DEGRADED, after(1));
    assertEquals(
        "the last 10 calls of the handler all failed, at last by java.lang.IllegalStateException",
        watchdog.health().reason());
    watchdog.began(work);
    watchdog.ended(work, null);
    assertEquals(Status.UP, after(1));
  }

  @Test
  void whatFailsSinceItsLaneWentAwayIsHeldAgainstNobody() {
    Work work = arrives();
    work.lane.close();
    for (int i = 0; i < 2 * Diagnosis.MANY_FAILURES; i++) {
      watchdog.began(work);
      watchdog.ended(work, new InterruptedException());
    }
    assertEquals(Status.UP, after(1));
  }

  @Test
  void aSubscriptionThatBreaksAgainAndAgainIsStuckInTheEnd() {
    arrives();
    assertEquals(Status.UP, after(MINUTE));
    watchdog.broke(new IllegalStateException("fenced"), held);
    assertEquals(Status.DEGRADED, watchdog.health().status());
    now += 5 * MINUTE;
    assertEquals(Status.STUCK, watchdog.health().status());
    assertEquals(Status.UP, after(1));
  }

  @Test
  void aThreadThatDiedStaysDead() {
    watchdog.died(new OutOfMemoryError("test"));
    watchdog.closing();
    watchdog.closed();
    assertEquals(Status.STUCK, watchdog.health().status());
    assertTrue(watchdog.health().reason().contains("OutOfMemoryError"));
  }
}
