// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class KeySchedulerTest {
  private final KeyScheduler scheduler = new KeyScheduler(1);
  private final LaneWork lane = new LaneWork(0);

  @Test
  void oneKeyIsOneLineInTheOrderOfArrival() {
    Work first = Works.of(lane, "a", 0);
    Work second = Works.of(lane, "a", 0);
    WorkLine line = scheduler.add(first).orElseThrow();
    assertEquals(Optional.empty(), scheduler.add(second));
    assertSame(first, scheduler.front(line));
    assertSame(first, scheduler.front(line));
    scheduler.done(line);
    assertSame(second, scheduler.front(line));
    scheduler.done(line);
    assertNull(scheduler.front(line));
  }

  @Test
  void anIdleLineMustBeStartedAgain() {
    WorkLine line = scheduler.add(Works.of(lane, "a", 0)).orElseThrow();
    scheduler.done(line);
    assertEquals(Optional.empty(), scheduler.add(Works.of(lane, "a", 0)), "not seen idle yet");
    scheduler.done(line);
    assertNull(scheduler.front(line));
    assertTrue(scheduler.add(Works.of(lane, "a", 0)).isPresent());
  }

  @Test
  void eachKeyIsALineOfItsOwn() {
    assertTrue(scheduler.add(Works.of(lane, "a", 0)).isPresent());
    assertTrue(scheduler.add(Works.of(lane, "b", 0)).isPresent());
  }

  @Test
  void aKeyIsOneLineThroughTheAssignmentsOfItsLaneAndStaleWorkIsDropped() {
    Work atWork = Works.of(lane, "a", 0);
    WorkLine line = scheduler.add(atWork).orElseThrow();
    scheduler.add(Works.of(lane, "a", 0));
    lane.close();
    Work fresh = Works.of(new LaneWork(0), "a", 0);
    assertEquals(Optional.empty(), scheduler.add(fresh));
    assertSame(atWork, scheduler.front(line));
    scheduler.done(line);
    assertSame(fresh, scheduler.front(line));
  }

  @Test
  void aPauseEndsOnce() {
    WorkLine line = scheduler.add(Works.of(lane, "a", 0)).orElseThrow();
    int first = scheduler.pause(line).orElseThrow();
    assertEquals(Optional.empty(), scheduler.add(Works.of(lane, "a", 0)));
    assertTrue(scheduler.resume(line, first));
    assertFalse(scheduler.resume(line, first));
    int second = scheduler.pause(line).orElseThrow();
    assertFalse(scheduler.resume(line, first));
    assertTrue(scheduler.resume(line, second));
  }

  @Test
  void whatIsOutOfTurnLetsThoseBehindItPassUntilOneIsDone() {
    Work[] works = works(4);
    WorkLine line = line(works);
    assertTrue(scheduler.letPass(line));
    assertSame(works[1], scheduler.front(line));
    assertTrue(scheduler.letPass(line));
    assertSame(works[2], scheduler.front(line));
    assertSame(works[0], scheduler.next(line));
    assertTrue(scheduler.letPass(line));
    assertSame(works[1], scheduler.front(line));
    assertSame(works[0], scheduler.next(line));
    assertSame(works[3], scheduler.next(line), "in the order of arrival");
    assertNull(scheduler.next(line));
  }

  @Test
  void onceAllLetOthersPassTheyWaitInTheOrderOfArrival() {
    Work[] works = works(3);
    WorkLine line = line(works);
    assertTrue(scheduler.letPass(line));
    assertTrue(scheduler.letPass(line));
    assertFalse(scheduler.letPass(line));
    int pause = scheduler.pause(line).orElseThrow();
    assertTrue(scheduler.resume(line, pause));
    assertSame(works[0], scheduler.front(line));
    assertTrue(scheduler.letPass(line), "each has its turn again");
    assertSame(works[1], scheduler.front(line));
    assertTrue(scheduler.letPass(line));
    assertSame(works[2], scheduler.front(line));
  }

  @Test
  void whatArrivesWhileAllWaitHasItsTurnAtOnce() {
    Work[] works = works(2);
    WorkLine line = line(works);
    assertTrue(scheduler.letPass(line));
    assertFalse(scheduler.letPass(line));
    int pause = scheduler.pause(line).orElseThrow();
    Work fresh = Works.of(lane, "a", 0);
    assertSame(line, scheduler.add(fresh).orElseThrow());
    assertFalse(scheduler.resume(line, pause));
    assertSame(fresh, scheduler.front(line));
    assertEquals(Optional.empty(), scheduler.add(Works.of(lane, "a", 0)), "it is run already");
    assertSame(works[0], scheduler.next(line));
  }

  @Test
  void whatArrivesJustBeforeAllWaitIsNotWaitedFor() {
    WorkLine line = line(works(2));
    assertTrue(scheduler.letPass(line));
    assertFalse(scheduler.letPass(line));
    Work fresh = Works.of(lane, "a", 0);
    assertEquals(Optional.empty(), scheduler.add(fresh));
    assertEquals(OptionalInt.empty(), scheduler.pause(line));
    assertTrue(scheduler.letPass(line));
    assertSame(fresh, scheduler.front(line));
  }

  @Test
  void aPauseForAnotherReasonLetsNobodyPass() {
    Work[] works = works(2);
    WorkLine line = line(works);
    assertTrue(scheduler.letPass(line));
    assertSame(works[0], scheduler.next(line));
    assertTrue(scheduler.pause(line).isPresent());
    assertEquals(Optional.empty(), scheduler.add(Works.of(lane, "a", 0)));
    assertSame(works[0], scheduler.front(line));
  }

  @Test
  void aBatchLetsNobodyPass() {
    KeyScheduler batches = new KeyScheduler(2);
    WorkLine line = batches.add(Works.of(lane, "a", 0)).orElseThrow();
    batches.add(Works.of(lane, "a", 0));
    assertFalse(batches.letPass(line));
  }

  private Work[] works(int count) {
    Work[] works = new Work[count];
    Arrays.setAll(works, at -> Works.of(lane, "a", 0));
    return works;
  }

  private WorkLine line(Work... works) {
    WorkLine line = scheduler.add(works[0]).orElseThrow();
    for (int at = 1; at < works.length; at++) {
      assertEquals(Optional.empty(), scheduler.add(works[at]));
    }
    return line;
  }

  @Test
  void nobodyWaitsForATryThatWillNotBe() {
    WorkLine line = scheduler.add(Works.of(lane, "a", 0)).orElseThrow();
    int pause = scheduler.pause(line).orElseThrow();
    lane.close();
    assertSame(line, scheduler.add(Works.of(new LaneWork(0), "a", 0)).orElseThrow());
    assertFalse(scheduler.resume(line, pause));
    assertEquals(OptionalInt.empty(), scheduler.pause(line));
  }

  @Test
  void messagesWithoutKeyAreEachALine() {
    WorkLine one = scheduler.add(Works.of(lane, null, 0)).orElseThrow();
    WorkLine two = scheduler.add(Works.of(lane, null, 0)).orElseThrow();
    assertNotSame(one, two);
    scheduler.done(one);
    assertNull(scheduler.front(one));
  }

  @Test
  void anEmptyKeyIsAKey() {
    assertTrue(scheduler.add(Works.of(lane, "", 0)).isPresent());
    assertEquals(Optional.empty(), scheduler.add(Works.of(lane, "", 0)));
  }
}
