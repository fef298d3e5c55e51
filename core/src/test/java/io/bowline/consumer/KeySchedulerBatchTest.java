// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which messages are worked on together. */
class KeySchedulerBatchTest {
  private final KeyScheduler scheduler = new KeyScheduler(3);
  private final LaneWork lane = new LaneWork(0);

  private Work work(@Nullable String key) {
    return Works.of(lane, key, 0);
  }

  private Work front(WorkLine line) {
    return Objects.requireNonNull(scheduler.front(line));
  }

  @Test
  void aBatchIsWhatIsThereUpToItsMost() {
    List<Work> works = List.of(work("a"), work("a"), work("a"), work("a"), work("a"));
    WorkLine line = scheduler.add(works.get(0)).orElseThrow();
    works.subList(1, 5).forEach(scheduler::add);
    assertSame(works.get(0), front(line));
    assertEquals(works.subList(1, 3), front(line).followers);
    scheduler.done(line);
    assertSame(works.get(3), front(line));
    assertEquals(works.subList(4, 5), front(line).followers);
    scheduler.done(line);
    assertNull(scheduler.front(line));
  }

  @Test
  void aBatchThatIsTriedAgainIsTheSame() {
    WorkLine line = scheduler.add(work("a")).orElseThrow();
    Work second = work("a");
    scheduler.add(second);
    front(line).failed();
    scheduler.add(work("a"));
    assertEquals(List.of(second), front(line).followers);
    assertEquals(1, second.calls);
  }

  @Test
  void oneThatFailedAloneIsTriedAgainAlone() {
    Work first = work("a");
    WorkLine line = scheduler.add(first).orElseThrow();
    front(line).failed();
    scheduler.add(work("a"));
    assertSame(first, front(line));
    assertEquals(List.of(), front(line).followers);
  }

  @Test
  void whatWasTakenApartComesOneByOneInItsOrder() {
    List<Work> works = List.of(work("a"), work("a"), work("a"));
    WorkLine line = scheduler.add(works.get(0)).orElseThrow();
    works.subList(1, 3).forEach(scheduler::add);
    front(line).failed();
    Work later = work("a");
    scheduler.add(later);
    scheduler.takeApart(line);
    for (Work expected : works) {
      Work front = front(line);
      assertSame(expected, front);
      assertEquals(List.of(), front.followers);
      assertEquals(0, front.countedCalls());
      assertEquals(2, front.attempt().attempt());
      scheduler.done(line);
    }
    assertSame(later, front(line));
  }

  @Test
  void messagesOfTwoAssignmentsAreNotTogether() {
    WorkLine line = scheduler.add(work("a")).orElseThrow();
    Work fresh = Works.of(new LaneWork(0), "a", 0);
    scheduler.add(fresh);
    assertEquals(List.of(), front(line).followers);
    scheduler.done(line);
    assertSame(fresh, front(line));
  }

  @Test
  void messagesWithoutKeyGatherByLaneUntilTheirBatchBegins() {
    Work first = work(null);
    Work second = work(null);
    WorkLine line = scheduler.add(first).orElseThrow();
    assertEquals(Optional.empty(), scheduler.add(second));
    assertTrue(scheduler.add(Works.of(new LaneWork(1), null, 0)).isPresent());
    assertSame(first, front(line));
    assertEquals(List.of(second), front(line).followers);
    WorkLine next = scheduler.add(work(null)).orElseThrow();
    assertNotSame(line, next);
    scheduler.done(line);
    assertNull(scheduler.front(line));
  }

  @Test
  void aFullBatchWithoutKeyIsFollowedByAnother() {
    WorkLine line = scheduler.add(work(null)).orElseThrow();
    assertTrue(scheduler.add(work(null)).isEmpty());
    assertTrue(scheduler.add(work(null)).isEmpty());
    assertTrue(scheduler.add(work(null)).isPresent());
    assertEquals(2, front(line).followers.size());
  }

  /** Its worker broke off between telling of it and taking it from the line. */
  @Test
  void whatIsDoneTakesNobodyAlong() {
    Work first = work("a");
    WorkLine line = scheduler.add(first).orElseThrow();
    assertSame(first, front(line));
    first.finish();
    Work second = work("a");
    scheduler.add(second);
    assertSame(first, front(line));
    scheduler.done(line);
    assertSame(second, front(line));
  }
}
