// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits at the gate, in which order, and when it is their turn; at a given time. */
class GateTest {
  private static final long SECOND = 1_000_000_000;
  private final RuntimeException down = new IllegalStateException("down");

  private final LaneWork lane = new LaneWork(0);
  private final List<String> gone = new ArrayList<>();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final List<Duration> delays = new ArrayList<>();
  private long now;

  private Gate gate(double perSecond) {
    Gate.Rules rules =
        new Gate.Rules(new TokenBucket(perSecond, 0), null, null, FailureClasses.DEFAULT);
    return new Gate("test", rules, () -> now, this::later);
  }

  private Gate unlimited() {
    return new Gate("test", Gate.Rules.NONE, () -> now, this::later);
  }

  private Gate breaking(int failures) {
    CircuitBreaker breaker =
        new CircuitBreaker(failures, Duration.ofSeconds(10), Duration.ofSeconds(40), List.of());
    Circuit circuit = new Circuit(breaker, () -> 0);
    return new Gate(
        "test",
        new Gate.Rules(null, breaker, circuit, FailureClasses.DEFAULT),
        () -> now,
        this::later);
  }

  private void later(Duration delay, Runnable task) {
    delays.add(delay);
    timers.add(task);
  }

  private boolean asks(Gate gate, Work work, String name) {
    if (gate.isFree()) {
      work.admitted = false;
      return true;
    }
    return gate.admits(work, () -> gone.add(name));
  }

  private boolean asks(Gate gate, String name) {
    return asks(gate, Works.of(lane, null, 1), name);
  }

  @Test
  void withoutPauseAndLimitNobodyAsks() {
    Gate gate = unlimited();
    assertTrue(gate.isFree());
    gate.pause("for a test");
    assertFalse(gate.isFree());
    gate.resume();
    assertTrue(gate.isFree());
  }

  @Test
  void whatComesInAPauseGoesOnInItsOrderAfterIt() {
    Gate gate = unlimited();
    gate.pause("for a test");
    assertFalse(asks(gate, "a"));
    assertFalse(asks(gate, "b"));
    assertEquals(List.of(), gone);
    assertEquals(List.of(), delays, "no timer runs while it is paused");
    assertTrue(gate.resume());
    assertEquals(List.of("a", "b"), gone);
    assertFalse(gate.resume());
  }

  @Test
  void whoWasLetInMayOnce() {
    Gate gate = gate(1);
    Work work = Works.of(lane, "k", 1);
    assertTrue(asks(gate, "first"));
    assertFalse(asks(gate, work, "a"));
    now = SECOND;
    timers.remove().run();
    assertEquals(List.of("a"), gone);
    assertTrue(asks(gate, work, "a"));
    assertFalse(asks(gate, work, "a again"));
  }

  @Test
  void beyondTheRateTheyWaitInTheirOrderUnderOneTimer() {
    Gate gate = gate(1);
    assertTrue(asks(gate, "a"));
    assertFalse(asks(gate, "b"));
    assertFalse(asks(gate, "c"));
    assertEquals(List.of(Duration.ofSeconds(1)), delays);
    now = SECOND;
    assertFalse(asks(gate, "d"), "those who wait go first");
    timers.remove().run();
    assertEquals(List.of("b"), gone);
    now = 2 * SECOND;
    timers.remove().run();
    assertEquals(List.of("b", "c"), gone);
    assertEquals(1, timers.size());
  }

  @Test
  void aPauseHoldsThoseWhoWaitForTheRateToo() {
    Gate gate = gate(1);
    assertTrue(asks(gate, "a"));
    assertFalse(asks(gate, "b"));
    gate.pause("for a test");
    now = 10 * SECOND;
    timers.remove().run();
    assertEquals(List.of(), gone);
    assertTrue(timers.isEmpty());
    gate.resume();
    assertEquals(List.of("b"), gone);
  }

  @Test
  void whatBelongsToALostLaneTakesNobodysTurn() {
    Gate gate = gate(1);
    LaneWork other = new LaneWork(1);
    assertTrue(asks(gate, "a"));
    assertFalse(asks(gate, Works.of(other, null, 1), "stale"));
    assertFalse(asks(gate, "b"));
    other.close();
    now = SECOND;
    timers.remove().run();
    assertEquals(List.of("stale", "b"), gone);
    assertTrue(asks(gate, Works.of(other, null, 1), "ends at once"));
  }

  @Test
  void whoWasLetInOnceIsHeldByTheNextPause() {
    Gate gate = unlimited();
    Work work = Works.of(lane, "k", 1);
    gate.pause("for a test");
    assertFalse(asks(gate, work, "a"));
    gate.resume();
    assertTrue(asks(gate, work, "a"));
    gate.pause("for a test");
    assertFalse(asks(gate, work, "a again"));
  }

  @Test
  void anOpenCircuitHoldsAllAndLetsOneProbe() {
    Gate gate = breaking(2);
    Work a = Works.of(lane, null, 1);
    Work b = Works.of(lane, null, 1);
    assertTrue(gate.ended(a, down));
    assertTrue(gate.isFree());
    assertTrue(gate.ended(b, down), "the failure that opens it was a fair one");
    assertFalse(asks(gate, a, "a"));
    assertFalse(asks(gate, b, "b"));
    assertEquals(List.of(Duration.ofSeconds(10)), delays);
    now = 10 * SECOND;
    timers.remove().run();
    assertEquals(List.of("a"), gone);
    assertTrue(asks(gate, a, "a"));
    assertFalse(gate.ended(a, down), "a probe's failure is not held against its message");
    assertFalse(asks(gate, a, "a"), "and it goes to the end");
    now = 30 * SECOND;
    timers.removeLast().run();
    assertEquals(List.of("a", "b"), gone);
    assertTrue(asks(gate, b, "b"));
    assertTrue(gate.ended(b, null));
    assertEquals(List.of("a", "b", "a"), gone);
    assertTrue(gate.isFree());
  }

  @Test
  void failuresOfCallsBegunBeforeItOpenedAreHeldAgainstNobody() {
    Gate gate = breaking(1);
    assertTrue(gate.ended(Works.of(lane, null, 1), down));
    assertFalse(gate.ended(Works.of(lane, null, 1), down));
    assertTrue(gate.ended(Works.of(lane, null, 1), new Unprocessable("bad for good")));
  }

  @Test
  void aProbeThatTellsNothingIsFollowedByTheNext() {
    Gate gate = breaking(1);
    Work a = Works.of(lane, null, 1);
    assertTrue(gate.ended(a, down));
    assertFalse(asks(gate, a, "a"));
    assertFalse(asks(gate, "b"));
    now = 10 * SECOND;
    timers.remove().run();
    assertTrue(gate.ended(a, new Unprocessable("bad for good")));
    assertEquals(List.of("a", "b"), gone);
  }

  @Test
  void aProbeWhoseLaneWasLostBeforeItBeganIsFollowedByTheNext() {
    Gate gate = breaking(1);
    LaneWork other = new LaneWork(1);
    Work lost = Works.of(other, null, 1);
    assertTrue(gate.ended(lost, down));
    assertFalse(asks(gate, lost, "lost"));
    assertFalse(asks(gate, "b"));
    now = 10 * SECOND;
    timers.remove().run();
    assertEquals(List.of("lost"), gone);
    other.close();
    now = 11 * SECOND;
    timers.remove().run();
    assertEquals(List.of("lost", "b"), gone);
  }
}
