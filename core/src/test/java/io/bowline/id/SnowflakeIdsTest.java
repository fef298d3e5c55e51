// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids of a worker id that is given by hand. */
@Timeout(60)
class SnowflakeIdsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final SetTime clock = new SetTime();
  private final SnowflakeIds ids = ids(7);

  private SnowflakeIds ids(int worker) {
    return new SnowflakeIds(new Worker.ByHand(worker), clock.time(), SECOND);
  }

  private static String refusal(SnowflakeIds refusing) {
    return String.valueOf(assertThrows(IdsUnavailable.class, refusing::next).getMessage());
  }

  @Test
  void theTextIsThatOfTheLayout() {
    assertEquals("1573488112435228672", ids.next());
    assertEquals("1573488112435228673", ids.next());
  }

  @Test
  void timeAndWorkerAreReadFromAnIdAndFromNothingElse() {
    String id = ids.next();
    assertEquals(OptionalLong.of(SetTime.START), SnowflakeIds.millis(id));
    assertEquals(OptionalInt.of(7), SnowflakeIds.workerOf(id));
    for (String other : new String[] {"", "orders-7", "-1", "9223372036854775808"}) {
      assertEquals(OptionalLong.empty(), SnowflakeIds.millis(other), other);
      assertEquals(OptionalInt.empty(), SnowflakeIds.workerOf(other), other);
    }
  }

  @Test
  void idsRiseAsTextsToo() {
    String last = ids.next();
    for (int i = 0; i < 10_000; i++) {
      String next = ids.next();
      assertTrue(next.compareTo(last) > 0 && next.length() == 19, last + " then " + next);
      last = next;
      clock.goOn(i % 3);
    }
  }

  @Test
  void afterAFullMillisecondTheNextIsWaitedFor() {
    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 4_096; i++) {
      drawn.add(ids.next());
    }
    assertEquals(SetTime.START, clock.millis());
    drawn.add(ids.next());
    assertEquals(4_097, drawn.size());
    assertEquals(SetTime.START + 1, clock.millis());
  }

  @Test
  void aClockThatIsSetBackALittleIsWaitedFor() {
    String before = ids.next();
    clock.setBy = -900;
    String after = ids.next();
    assertTrue(after.compareTo(before) > 0);
    assertEquals(SetTime.START, clock.millis(), "it waited until the clock had caught up");
  }

  @Test
  void aClockThatIsSetBackFarIsRefusedAtOnceAndDrawnByOnceItIsRight() {
    String before = ids.next();
    clock.setBy = -3_600_000;
    String why = refusal(ids);
    assertTrue(why.contains("3600000 ms before") && why.contains("2026-11-20T23:00"), why);
    assertEquals(SetTime.START - 3_600_000, clock.millis(), "it did not wait");
    clock.setBy = 0;
    assertTrue(ids.next().compareTo(before) > 0);
  }

  @Test
  void aClockThatIsSetBackMeanwhileIsRefusedTooAndOneThatIsSetRightIsNot() {
    String before = ids.next();
    clock.setBy = -500;
    clock.onPause = () -> clock.setBy = -60_000;
    assertTrue(refusal(ids).contains("set back"));
    clock.setBy = -500;
    clock.onPause = () -> clock.setBy = 1_000;
    assertTrue(ids.next().compareTo(before) > 0);
  }

  @Test
  void theCallersBoundHoldsIfItIsShorter() {
    var unused = ids.next();
    clock.setBy = -900;
    assertThrows(IdsUnavailable.class, () -> ids.next(Duration.ofMillis(100)));
    assertThrows(IdsUnavailable.class, () -> ids.next(Duration.ZERO));
    assertEquals(SetTime.START - 900, clock.millis(), "it did not wait");
    assertNotEquals("", ids.next(Duration.ofDays(1)));
  }

  @Test
  void aClockThatStandsStillIsWaitedForNoLongerThanTheBound() {
    for (int i = 0; i < 4_096; i++) {
      var unused = ids.next();
    }
    long began = clock.time().nanos().getAsLong();
    clock.onPause = () -> clock.setBy = SetTime.START - (clock.millis() - clock.setBy);
    assertTrue(refusal(ids).contains("the next one did not come within PT1S"));
    long waited = clock.time().nanos().getAsLong() - began;
    assertTrue(waited >= 998_000_000 && waited <= 1_001_000_000, waited + " ns");
  }

  @Test
  void aTimeThatDoesNotFitIsRefused() {
    clock.setBy = Instant.parse("2014-12-31T23:59:59Z").toEpochMilli() - SetTime.START;
    assertTrue(refusal(ids).contains("2014-12-31T23:59:59Z"));
    clock.setBy = Instant.parse("2084-09-07T00:00:00Z").toEpochMilli() - SetTime.START;
    assertTrue(refusal(ids).contains("2084-09-07T00:00:00Z"));
  }

  @Test
  void theThreadThatIsInterruptedWaitsNoLonger() {
    var unused = ids.next();
    clock.setBy = -900;
    Thread.currentThread().interrupt();
    assertTrue(refusal(ids).contains("interrupted"));
    assertTrue(Thread.interrupted(), "the flag is kept");
  }

  @Test
  void closedIdsRefuse() {
    ids.close();
    ids.close();
    assertTrue(refusal(ids).contains("closed"));
  }

  @Test
  void twoWorkersDrawDifferentIdsAtTheSameTime() {
    assertNotEquals(ids.next(), ids(8).next());
  }

  @Test
  void manyThreadsDrawNoIdTwice() {
    try (SnowflakeIds shared = SnowflakeIds.worker(1_023).open()) {
      Set<String> drawn = ConcurrentHashMap.newKeySet();
      IntStream.range(0, 100_000).parallel().forEach(i -> drawn.add(shared.next()));
      assertEquals(100_000, drawn.size());
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> SnowflakeIds.worker(-1));
    assertThrows(IllegalArgumentException.class, () -> SnowflakeIds.worker(1_024));
    SnowflakeBuilder byHand = SnowflakeIds.worker(1);
    assertThrows(IllegalArgumentException.class, () -> byHand.maxWait(Duration.ofSeconds(-1)));
    assertThrows(IllegalArgumentException.class, () -> byHand.maxWait(Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> byHand.lease(SECOND));
    assertThrows(IllegalArgumentException.class, () -> byHand.coolDown(SECOND));
    assertThrows(IllegalArgumentException.class, () -> byHand.workers(1, 2));
  }
}
