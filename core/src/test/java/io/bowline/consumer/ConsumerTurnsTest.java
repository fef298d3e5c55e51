// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members to whom lanes come in turns, untold, with one store. */
@Timeout(60)
class ConsumerTurnsTest {
  private static final Duration LATENESS = Duration.ofMillis(100);

  private final Scene one = new Scene();
  private final Scene other = new Scene();
  private final InMemoryGapStore kept = new InMemoryGapStore();
  private final GapStore store = new Failing();
  private volatile boolean down;
  private final List<Gap> toldByOne = new CopyOnWriteArrayList<>();
  private final List<Gap> toldByOther = new CopyOnWriteArrayList<>();
  private ScriptedSubscription a;
  private ScriptedSubscription b;

  private final class Failing implements GapStore {
    private void requireUp() {
      if (down) {
        throw new IllegalStateException("the store is down");
      }
    }

    @Override
    public Claim claim(GroupLane lane) {
      requireUp();
      return kept.claim(lane);
    }

    @Override
    public boolean save(Claim claim, List<ChainState> changed) {
      requireUp();
      return kept.save(claim, changed);
    }

    @Override
    public Map<Integer, List<ChainState>> read(String topic, String group) {
      return kept.read(topic, group);
    }
  }

  @BeforeEach
  void start() throws InterruptedException {
    Numbers.know(store);
    a = start(one, toldByOne);
    b = start(other, toldByOther);
  }

  private ScriptedSubscription start(Scene scene, List<Gap> told) throws InterruptedException {
    scene.broker.shareLanesInTurns();
    scene.broker.lateness(LATENESS);
    scene.builder.gapStore(store).onGap(told::add);
    return scene.start();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private static void does(ScriptedSubscription member, long... numbers) {
    int before = member.accepted().size();
    Numbers.deliver(member, numbers);
    // Or more: what was held may be acknowledged just now.
    Await.until("it is acknowledged", () -> member.accepted().size() >= before + numbers.length);
  }

  private static String numbers(Gap gap) {
    return gap.from() + "-" + gap.to();
  }

  private void awaitTold(List<Gap> told, String numbers) {
    Await.until(numbers + " are told", () -> !told.isEmpty());
    assertEquals(List.of(numbers), told.stream().map(ConsumerTurnsTest::numbers).toList());
  }

  /** A number that was never stored shows that nothing else was missed before it. */
  private void assertNothingElseIsMissed(ScriptedSubscription member, List<Gap> told, long next) {
    does(member, next + 1);
    awaitTold(told, next + "-" + next);
    assertEquals(1, toldByOne.size() + toldByOther.size());
  }

  @Test
  void whatAnotherMemberDidInItsTurnIsNotMissed() {
    for (long number = 1; number < 40; number += 4) {
      does(a, number, number + 1);
      does(b, number + 2, number + 3);
    }
    assertNothingElseIsMissed(a, toldByOne, 41);
  }

  @Test
  void whatWasLostBetweenTurnsIsToldOnce() {
    does(a, 1, 2, 3);
    does(b, 6, 7);
    awaitTold(toldByOther, "4-5");
    does(a, 8);
    does(b, 9);
    Await.until("it is listed", () -> other.consumer().gaps().size() == 1);
    assertEquals(List.of(), toldByOne);
    assertEquals(1, toldByOther.size());
  }

  @Test
  void turnsThatAreShorterThanTheGraceDoNotPutTheAlarmOff() {
    does(a, 1, 2, 3);
    does(b, 6);
    long number = 7;
    while (toldByOne.isEmpty() && toldByOther.isEmpty()) {
      does(number % 2 == 0 ? a : b, number++);
    }
    assertEquals("4-5", numbers(toldByOne.isEmpty() ? toldByOther.get(0) : toldByOne.get(0)));
  }

  /** It was frozen, and another member did what it held. */
  @Test
  void whoseTurnIsOverKeepsWhatItDidAndGoesOn() throws InterruptedException {
    does(a, 1, 2);
    one.hold("3");
    Numbers.deliver(a, 3);
    one.awaitBegun("3");
    does(b, 3, 4);
    a.ours(delivery -> !delivery.position().equals("2"));
    one.release("3");
    other.hold("6");
    Numbers.deliver(b, 5, 6);
    other.awaitBegun("6");
    Await.until("one ended 3", () -> one.atWork.get() == 0);
    Scene.turns(a, 3);
    assertEquals(List.of("1", "2"), a.accepted(), "not its to acknowledge");
    other.release("6");
    Await.until("all are done", () -> b.accepted().size() == 4);
    a.ours(delivery -> true);
    assertNothingElseIsMissed(a, toldByOne, 7);
    assertEquals(0, one.broker.sendsWaiting());
  }

  @Test
  void whatIsOpenIsShownByTheOneWhoHadTheLastTurn() {
    does(a, 1, 2, 3, 6);
    awaitTold(toldByOne, "4-5");
    Await.until("it is listed", () -> one.consumer().gaps().size() == 1);
    does(b, 7);
    Await.until("it is listed there", () -> other.consumer().gaps().size() == 1);
    Await.until("and here no more", () -> one.consumer().gaps().isEmpty());
    does(a, 4);
    Await.until("the other's turn is over", () -> other.consumer().gaps().isEmpty());
    Await.until("5 is left", () -> one.consumer().gaps().size() == 1);
    assertEquals("5-5", numbers(one.consumer().gaps().get(0)));
  }

  @Test
  void anyMemberMayDismiss() {
    does(a, 1, 2, 3, 6);
    awaitTold(toldByOne, "4-5");
    Gap gap = toldByOne.get(0);
    assertEquals(Dismissal.DISMISSED, other.consumer().dismiss(gap, "cancelled").join());
    assertEquals(Dismissal.NOT_OPEN, one.consumer().dismiss(gap, "cancelled").join());
    does(a, 7);
    Await.until("it is listed no more", () -> one.consumer().gaps().isEmpty());
  }

  @Test
  void aStoreThatFailsFailsADismissalAndNothingElse() {
    does(a, 1, 2, 3, 6);
    awaitTold(toldByOne, "4-5");
    Gap gap = toldByOne.get(0);
    down = true;
    var failed = other.consumer().dismiss(gap, "cancelled");
    Await.until("it is answered", failed::isDone);
    assertTrue(failed.isCompletedExceptionally());
    down = false;
    assertEquals(Dismissal.DISMISSED, other.consumer().dismiss(gap, "cancelled").join());
    assertFalse(b.isClosed());
  }

  @Test
  void aGroupThatTurnsOutNotToBeInOrderIsNotLookedAtAnyMore() {
    does(a, 1, 2, 3);
    a.outOfTurn();
    does(a, 6);
    does(b, 7);
    awaitTold(toldByOther, "4-6");
    assertEquals(List.of(), toldByOne);
  }
}
