// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Health.Status;
import io.bowline.consumer.Signs.Calls;
import io.bowline.consumer.Signs.GateSigns;
import io.bowline.consumer.Signs.Held;
import io.bowline.consumer.Signs.Loop;
import io.bowline.consumer.Signs.Phase;
import io.bowline.consumer.Signs.Place;
import io.bowline.consumer.Signs.Shut;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each state of a consumer and what is said of it, at a given time. */
class DiagnosisTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final Calls WELL = new Calls(0, "", null);
  private static final GateSigns OPEN = new GateSigns(null, null, 0);
  private static final Loop TURNING = new Loop(Phase.WORKING, 60 * MINUTE, 60 * MINUTE, "");

  private final Diagnosis diagnosis = new Diagnosis(5 * MINUTE);

  private Health at60Min(Loop loop, Held held, Calls calls, GateSigns gate) {
    return diagnosis.of(new Signs(loop, held, calls, gate), 60 * MINUTE);
  }

  private static Held held(@Nullable Place atWork, @Nullable Place failing) {
    return new Held(3, 0, atWork, failing);
  }

  private static Place place(long sinceMinute, int calls) {
    return new Place("message 7 of orders (lane 3, position 42)", sinceMinute * MINUTE, calls, 0);
  }

  @Test
  void anIdleConsumerIsUpHoweverLong() {
    Loop idle = new Loop(Phase.WORKING, 60 * MINUTE, 0, "");
    assertEquals(new Health(Status.UP, List.of()), at60Min(idle, Held.NOTHING, WELL, OPEN));
  }

  @Test
  void aBusyOneIsUp() {
    Health health =
        at60Min(TURNING, held(place(58, 0), place(59, 2)), new Calls(9, "E", null), OPEN);
    assertEquals(Status.UP, health.status());
  }

  @Test
  void aHandlerThatDoesNotReturnIsStuckAndNamed() {
    Place hung = new Place("message 7 of orders (lane 3, position 42)", 53 * MINUTE, 0, 1_234);
    Health health = at60Min(TURNING, new Held(3, 0, hung, null), WELL, OPEN);
    assertEquals(Status.STUCK, health.status());
    assertTrue(
        health
            .reason()
            .startsWith(
                "the handler of message 7 of orders (lane 3, position 42) has been at work for"
                    + " 7 min 0 s; 1,234 later messages of its lane were taken since"),
        health.reason());
  }

  @Test
  void itIsStuckFromTheLimitOnAndNotBefore() {
    Place hung = place(55, 0);
    Signs signs = new Signs(TURNING, new Held(1, 0, hung, null), WELL, OPEN);
    assertEquals(Status.UP, diagnosis.of(signs, 60 * MINUTE - 1).status());
    assertEquals(Status.STUCK, diagnosis.of(signs, 60 * MINUTE).status());
  }

  @Test
  void aMessageThatFailsForLongDegradesWhileOthersGoOn() {
    Health health = at60Min(TURNING, new Held(3, 0, null, place(50, 21)), WELL, OPEN);
    assertEquals(Status.DEGRADED, health.status());
    assertTrue(
        health.reason().contains("has been failing for 10 min 0 s, in 21 calls"), health.reason());
  }

  @Test
  void nothingAcknowledgedForLongIsStuck() {
    Loop none = new Loop(Phase.WORKING, 60 * MINUTE, 54 * MINUTE, "");
    Health health =
        at60Min(
            none, new Held(12, 0, null, null), new Calls(40, "java.sql.SQLException", null), OPEN);
    assertEquals(Status.STUCK, health.status());
    assertEquals(
        "none of the 12 messages in memory was acknowledged for 6 min 0 s; the last 40 calls of the"
            + " handler all failed, at last by java.sql.SQLException",
        health.reason());
  }

  @Test
  void itCountsFromWhenTheFirstMessageCameAndFromTheEndOfAPause() {
    Loop none = new Loop(Phase.WORKING, 60 * MINUTE, 0, "");
    Held came = new Held(12, 56 * MINUTE, null, null);
    assertEquals(Status.UP, at60Min(none, came, WELL, OPEN).status());
    GateSigns resumed = new GateSigns(null, null, 56 * MINUTE);
    Held longAgo = new Held(12, 0, null, null);
    assertEquals(Status.UP, at60Min(none, longAgo, WELL, resumed).status());
    assertEquals(Status.STUCK, at60Min(none, longAgo, WELL, OPEN).status());
  }

  @Test
  void everyCallFailingDegrades() {
    Health health =
        at60Min(TURNING, held(place(60, 0), place(60, 2)), new Calls(10, "E", null), OPEN);
    assertEquals(Status.DEGRADED, health.status());
    assertEquals("the last 10 calls of the handler all failed, at last by E", health.reason());
  }

  @Test
  void whatIsPostponedDegradesAtOnceAndIsNoLackOfProgress() {
    Loop none = new Loop(Phase.WORKING, 60 * MINUTE, 0, "");
    Shut since = new Shut("java.sql.SQLException", 50 * MINUTE);
    Health health =
        at60Min(none, new Held(12, 0, null, null), new Calls(1, "Postponed", since), OPEN);
    assertEquals(Status.DEGRADED, health.status());
    assertEquals(
        "its handler has been postponing messages for 10 min 0 s by java.sql.SQLException. They are"
            + " kept, and no attempt is spent; the log has the reason",
        health.reason());
  }

  @Test
  void aPauseDegradesAndSaysWhy() {
    Loop none = new Loop(Phase.WORKING, 60 * MINUTE, 0, "");
    GateSigns paused =
        new GateSigns(new Shut("the till is counted", 60 * MINUTE - 12 * SECOND), null, 0);
    Health health = at60Min(none, new Held(5, 0, null, null), WELL, paused);
    assertEquals(Status.DEGRADED, health.status());
    assertEquals("paused for 12 s: the till is counted", health.reason());
  }

  @Test
  void anOpenCircuitDegradesAndIsNoLackOfProgress() {
    Loop none = new Loop(Phase.WORKING, 60 * MINUTE, 0, "");
    GateSigns broken = new GateSigns(null, new Shut("x.Down", 50 * MINUTE), 0);
    Health health = at60Min(none, new Held(5, 0, null, null), WELL, broken);
    assertEquals(Status.DEGRADED, health.status());
    assertEquals(
        "messages have been held back for 10 min 0 s, since the handler failed again and again by"
            + " x.Down. One is tried now and then",
        health.reason());
  }

  @Test
  void aHandlerThatHangsInAPauseIsStuckAllTheSame() {
    GateSigns paused = new GateSigns(new Shut("the till is counted", 0), null, 0);
    Health health = at60Min(TURNING, new Held(5, 0, place(1, 0), null), WELL, paused);
    assertEquals(Status.STUCK, health.status());
    assertTrue(health.reason().endsWith("paused for 1 h 0 min: the till is counted"));
  }

  @Test
  void aPollThatDoesNotReturnIsStuck() {
    Loop silent = new Loop(Phase.WORKING, 55 * MINUTE, 60 * MINUTE, "");
    Health health = at60Min(silent, Held.NOTHING, WELL, OPEN);
    assertEquals(Status.STUCK, health.status());
    assertTrue(health.reason().contains("has not returned from a poll for 5 min 0 s"));
  }

  @Test
  void joiningAnewDegradesAndIsStuckIfItLasts() {
    Loop joining = new Loop(Phase.JOINING, 59 * MINUTE, 0, "x.Fenced");
    Health health = at60Min(joining, Held.NOTHING, WELL, OPEN);
    assertEquals(Status.DEGRADED, health.status());
    assertTrue(health.reason().startsWith("the subscription broke by x.Fenced"), health.reason());
    Loop lasting = new Loop(Phase.JOINING, 50 * MINUTE, 0, "x.Fenced");
    assertEquals(Status.STUCK, at60Min(lasting, Held.NOTHING, WELL, OPEN).status());
  }

  @Test
  void aThreadThatDiedIsStuckAndAClosedConsumerIsClosed() {
    Loop died = new Loop(Phase.DIED, 60 * MINUTE, 0, "java.lang.OutOfMemoryError");
    Health health = at60Min(died, Held.NOTHING, WELL, OPEN);
    assertEquals(Status.STUCK, health.status());
    assertTrue(health.reason().contains("java.lang.OutOfMemoryError"), health.reason());
    Loop closed = new Loop(Phase.CLOSED, 0, 0, "");
    assertEquals(Status.CLOSED, at60Min(closed, Held.NOTHING, WELL, OPEN).status());
  }

  @Test
  void aConsumerThatClosesIsNotBlamedForNotPolling() {
    Loop closing = new Loop(Phase.CLOSING, 0, 60 * MINUTE, "");
    assertEquals(Status.UP, at60Min(closing, Held.NOTHING, WELL, OPEN).status());
  }

  @Test
  void spansAreInWords() {
    assertEquals("0 s", Diagnosis.span(-5));
    assertEquals("59 s", Diagnosis.span(59 * SECOND + 1));
    assertEquals("1 min 0 s", Diagnosis.span(MINUTE));
    assertEquals("2 h 5 min", Diagnosis.span(125 * MINUTE + 7));
  }
}
