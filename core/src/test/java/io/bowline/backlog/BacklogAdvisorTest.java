// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.backlog.BacklogAdvice.Limit;
import io.bowline.backlog.BacklogRates.Rates;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is advised for a backlog of 6,000 messages that is to be drained within 10 minutes. */
class BacklogAdvisorTest {
  private static final Duration TARGET = Duration.ofMinutes(10);
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

  /** One member with 10 workers and all 4 lanes. */
  private static final Team ALONE = new Team(10, 1, 4, NO_LIMIT, "");

  /** Grows by 5 a second, 20 of them are acknowledged; 10 at work on 500 keys. */
  private static final Rates BUSY = new Rates(5, 20, 10, 500, 1_000, 0.01);

  private static BacklogAdvice advice(Rates rates, Team team) {
    return advice(6_000, rates, team);
  }

  private static BacklogAdvice advice(long messages, Rates rates, Team team) {
    Backlog told = Backlog.ofAll("orders", "billing", messages, Quality.EXACT);
    BacklogView view = BacklogView.joined(told, Map.of(), Instant.EPOCH);
    return BacklogAdvisor.advise(view, rates, team, TARGET);
  }

  private static void assertNoWay(BacklogAdvice advice) {
    assertTrue(
        advice.moreWorkers().isEmpty()
            && advice.moreMembers().isEmpty()
            && advice.lanes().isEmpty(),
        advice::toString);
  }

  private static void assertSays(BacklogAdvice advice, String... words) {
    for (String word : words) {
      assertTrue(advice.text().contains(word), () -> word + " in: " + advice.text());
    }
  }

  /** 5 a second more arrive, and 10 a second more drain 6,000 in 10 minutes: 15 more than 20. */
  @Test
  void busyWorkersAreTooFewInTheRatioOfTheRates() {
    BacklogAdvice advice = advice(BUSY, ALONE);
    assertEquals(Limit.WORKERS, advice.limit());
    assertEquals(25.0, advice.arrivals());
    assertEquals(20.0, advice.served());
    assertEquals(Optional.empty(), advice.drainsIn());
    assertEquals(OptionalInt.of(8), advice.moreWorkers(), "15 / 20 of 10 workers");
    assertEquals(OptionalInt.of(1), advice.moreMembers());
    assertEquals(OptionalInt.empty(), advice.lanes());
    assertSays(advice, "concurrency 18 instead of 10", "1 more members", "grows by 5.0");
  }

  @Test
  void workersOfSeveralMembersAreSharedOut() {
    BacklogAdvice advice = advice(BUSY, new Team(10, 2, 4, NO_LIMIT, ""));
    assertEquals(OptionalInt.of(8), advice.moreWorkers());
    assertEquals(40.0, advice.served());
    assertEquals(45.0, advice.arrivals());
    assertSays(advice, "concurrency 14 instead of 10 in each of 2 members");
  }

  @Test
  void noMoreMembersAreAdvisedThanThereAreLanesButMoreLanes() {
    Rates swamped = new Rates(85, 20, 10, 500, 1_000, 0.01); // 95 missing: 5 more members
    BacklogAdvice some = advice(swamped, new Team(10, 3, 4, NO_LIMIT, ""));
    assertEquals(OptionalInt.of(1), some.moreMembers());
    assertEquals(OptionalInt.of(8), some.lanes());
    BacklogAdvice full = advice(swamped, new Team(10, 4, 4, NO_LIMIT, ""));
    assertEquals(OptionalInt.of(0), full.moreMembers());
    assertEquals(OptionalInt.of(9), full.lanes());
    assertSays(full, "9 members instead of 4, and as many lanes: the topic has 4");
    assertTrue(full.moreWorkers().isPresent(), "workers of a member need no lane");
  }

  @Test
  void oneLaneIsEnoughForWorkersButNotForMembers() {
    BacklogAdvice advice = advice(BUSY, new Team(10, 1, 1, NO_LIMIT, ""));
    assertEquals(OptionalInt.of(8), advice.moreWorkers());
    assertEquals(OptionalInt.of(0), advice.moreMembers());
    assertEquals(OptionalInt.of(2), advice.lanes());
  }

  @Test
  void workersThatWaitForMessagesAreNotTooFew() {
    BacklogAdvice advice = advice(new Rates(5, 20, 1, 3, 4, 0.3), ALONE);
    assertEquals(Limit.LANES, advice.limit());
    assertEquals(OptionalInt.empty(), advice.moreWorkers());
    assertEquals(OptionalInt.of(1), advice.moreMembers());
    assertSays(advice, "Workers wait for messages");
  }

  @Test
  void oneHotKeyIsHelpedByNothing() {
    BacklogAdvice advice = advice(new Rates(5, 20, 1, 1, 1_000, 1), ALONE);
    assertEquals(Limit.KEYS, advice.limit());
    assertNoWay(advice);
    assertSays(advice, "do not help", "100 %", "1000 of 1 keys");
  }

  @Test
  void fewKeysAreHelpedByNothing() {
    BacklogAdvice advice = advice(new Rates(5, 20, 3, 3, 900, 0.4), ALONE);
    assertEquals(Limit.KEYS, advice.limit());
    assertNoWay(advice);
  }

  @Test
  void whereMembersShareLanesUntoldWorkersAndMembersAreCountedWithoutLanes() {
    BacklogAdvice advice = advice(BUSY, new Team(10, 0, 0, NO_LIMIT, ""));
    assertEquals(OptionalInt.of(8), advice.moreWorkers());
    assertEquals(OptionalInt.of(1), advice.moreMembers());
    assertEquals(OptionalInt.empty(), advice.lanes());
    assertSays(advice, "8 more workers over all members");
  }

  @Test
  void whatDrainsInTimeNeedsNothing() {
    BacklogAdvice advice = advice(new Rates(-10, 20, 10, 500, 1_000, 0.01), ALONE);
    assertEquals(Limit.NONE, advice.limit());
    assertEquals(Optional.of(Duration.ofMinutes(10)), advice.drainsIn());
    assertEquals(10.0, advice.arrivals());
    assertNoWay(advice);
  }

  @Test
  void whatDrainsTooSlowlyNeedsTheRest() {
    BacklogAdvice advice = advice(new Rates(-5, 20, 10, 500, 1_000, 0.01), ALONE);
    assertEquals(Optional.of(Duration.ofMinutes(20)), advice.drainsIn());
    assertEquals(Limit.WORKERS, advice.limit());
    assertEquals(OptionalInt.of(3), advice.moreWorkers(), "5 / 20 of 10 workers");
  }

  @Test
  void anEmptyBacklogIsDrained() {
    BacklogAdvice advice = advice(0, new Rates(0, 0, 0, 0, 0, Double.NaN), ALONE);
    assertEquals(Limit.NONE, advice.limit());
    assertEquals(Optional.of(Duration.ZERO), advice.drainsIn());
  }

  @Test
  void aStandstillIsNotDividedBy() {
    BacklogAdvice advice = advice(new Rates(5, 0, 10, 500, 1_000, 0.01), ALONE);
    assertEquals(Limit.STANDSTILL, advice.limit());
    assertNoWay(advice);
    assertSays(advice, "health()");
  }

  @Test
  void whatIsHeldBackIsNotForLackOfWorkers() {
    Team paused = new Team(10, 1, 4, NO_LIMIT, "it is paused");
    assertEquals(Limit.HELD_BACK, advice(BUSY, paused).limit());
    assertSays(advice(BUSY, paused), "it is paused");
    BacklogAdvice limited = advice(BUSY, new Team(10, 1, 4, 21, ""));
    assertEquals(Limit.HELD_BACK, limited.limit());
    assertSays(limited, "rate limit of 21.0 a second");
    assertNoWay(limited);
    BacklogAdvice retried = advice(new Rates(5, 20, 1, 500, 1_000, 0.01), ALONE);
    assertEquals(Limit.HELD_BACK, retried.limit());
    assertSays(retried, "next try");
  }

  @Test
  void whatIsNotMeasuredIsNotAdvised() {
    double unknown = Double.NaN;
    BacklogAdvice nothing =
        advice(new Rates(unknown, unknown, unknown, unknown, unknown, unknown), ALONE);
    assertEquals(Limit.UNKNOWN, nothing.limit());
    assertTrue(Double.isNaN(nothing.arrivals()) && Double.isNaN(nothing.served()));
    assertEquals(Optional.empty(), nothing.drainsIn());
    assertNoWay(nothing);
    assertEquals(Limit.UNKNOWN, advice(new Rates(5, 20, unknown, 0, 0, 0), ALONE).limit());
    BacklogView unseen = BacklogView.unknown("no answer", 0, Optional.empty());
    BacklogAdvice blind = BacklogAdvisor.advise(unseen, BUSY, ALONE, TARGET);
    assertEquals(Limit.UNKNOWN, blind.limit());
    assertEquals(Optional.empty(), blind.drainsIn());
  }

  @Test
  void howeverOddTheNumbersAnAnswerComesAndIsNeverNegative() {
    Random random = new Random(4);
    double[] odd = {0, 1e-9, 1, 7, 1e3, 1e12, Double.NaN, -1, -1e12};
    for (int i = 0; i < 20_000; i++) {
      Rates rates =
          new Rates(
              odd[random.nextInt(odd.length)],
              odd[random.nextInt(7)],
              odd[random.nextInt(7)],
              odd[random.nextInt(7)],
              odd[random.nextInt(7)],
              odd[random.nextInt(3)]);
      int lanes = random.nextInt(5);
      Team team =
          new Team(
              1 + random.nextInt(20), lanes == 0 ? 0 : 1 + random.nextInt(lanes), lanes, 9, "");
      BacklogAdvice advice = advice(random.nextLong(0, Long.MAX_VALUE), rates, team);
      assertTrue(advice.moreWorkers().orElse(0) >= 0, advice::toString);
      assertTrue(advice.moreMembers().orElse(0) >= 0, advice::toString);
      assertTrue(advice.lanes().orElse(5) > team.lanes(), advice::toString);
      assertTrue(!(advice.arrivals() < 0), advice::toString);
    }
  }
}
