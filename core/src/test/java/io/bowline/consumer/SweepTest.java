// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bowline.consumer.Signs.Held;
import io.bowline.consumer.Signs.Place;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found in memory, look by look. */
class SweepTest {
  private final HeldWork held = new HeldWork(1_000, 1 << 20);
  private final Sweep sweep = new Sweep();

  private Work arrives(int lane) {
    Work work = Works.of(held.lane(lane), "k", 1);
    held.arrived(work);
    return work;
  }

  private Held look(long now) {
    sweep.leaves(held.takeLeft());
    return sweep.over(held, 7, now);
  }

  private static Place there(@Nullable Place place) {
    assertNotNull(place);
    return Objects.requireNonNull(place);
  }

  @Test
  void aCallCountsFromTheFirstLookThatSawItAndTheLongestIsTold() {
    Work first = arrives(0);
    Work second = arrives(1);
    assertNull(look(10).atWork());
    first.step();
    assertEquals(20, there(look(20).atWork()).since());
    second.step();
    assertEquals(20, there(look(30).atWork()).since());
    first.step();
    Held later = look(40);
    assertEquals(30, there(later.atWork()).since());
    assertEquals(2, later.messages());
    assertEquals(7, later.since());
  }

  @Test
  void theNextCallOfAMessageIsAnother() {
    Work work = arrives(0);
    work.step();
    look(10);
    work.step();
    work.step();
    assertEquals(20, there(look(20).atWork()).since());
  }

  @Test
  void aFailingMessageCountsThroughItsTriesUntilItIsSettled() {
    Work work = arrives(0);
    work.calls = 1;
    look(10);
    work.calls = 5;
    Place failing = there(look(50).failing());
    assertEquals(10, failing.since());
    assertEquals(5, failing.calls());
    held.settled(work);
    assertNull(look(60).failing());
  }

  @Test
  void whatWasTakenBehindItIsCounted() {
    Work work = arrives(3);
    work.step();
    for (int i = 0; i < 4; i++) {
      held.settled(arrives(3));
    }
    arrives(1);
    Place hung = there(look(10).atWork());
    assertEquals(4, hung.behind());
    assertEquals("message id of orders (lane 3, position 0)", hung.message());
  }

  @Test
  void aHandlerThatHangsIsSeenAfterItsLaneIsGone() {
    Work hung = arrives(0);
    arrives(0);
    hung.step();
    look(10);
    held.remove(List.of(0));
    assertEquals(10, there(look(20).atWork()).since());
    assertNull(hung.next, "it keeps no other in memory");
    hung.step();
    assertNull(look(30).atWork());
  }

  @Test
  void settlingInAnyOrderKeepsTheOrderOfTheRest() {
    LaneWork lane = held.lane(0);
    List<Work> works = List.of(arrives(0), arrives(0), arrives(0), arrives(0));
    held.settled(works.get(2));
    held.settled(works.get(0));
    assertEquals(works.get(1), lane.oldest());
    assertEquals(works.get(3), works.get(1).next);
    held.settled(works.get(3));
    assertNull(works.get(1).next);
    held.settled(works.get(1));
    assertNull(lane.oldest());
    assertEquals(arrives(0), lane.oldest());
  }
}
