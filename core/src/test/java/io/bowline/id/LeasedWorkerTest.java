// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leased worker id, its keeper's steps taken by hand; and the keeper itself. */
@Timeout(60)
class LeasedWorkerTest {
  private static final Duration LENGTH = Duration.ofSeconds(30);
  private static final Duration COOL_DOWN = Duration.ofSeconds(20);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final SetTime clock = new SetTime();
  private final SetTime storeClock = new SetTime();
  private final ModelLeases store = new ModelLeases(storeClock::millis);
  private final LeasedWorker worker = worker(new WorkerRange(3, 4));
  private final SnowflakeIds ids = new SnowflakeIds(worker, clock.time(), SECOND);

  private LeasedWorker worker(WorkerRange range) {
    return new LeasedWorker(
        store, new LeasedWorker.Settings(range, LENGTH, COOL_DOWN, clock.time()));
  }

  private void goOn(long millis) {
    clock.goOn(millis);
    storeClock.goOn(millis);
  }

  private String refusal() {
    return String.valueOf(assertThrows(IdsUnavailable.class, ids::next).getMessage());
  }

  private int drawn() {
    return SnowflakeIds.workerOf(ids.next()).orElseThrow();
  }

  @Test
  void idsBearTheWorkerIdThatIsHeld() {
    assertTrue(worker.step());
    assertEquals(3, drawn());
  }

  @Test
  void withoutALeaseNothingIsDrawn() {
    assertTrue(refusal().contains("from 3 to 4"));
    store.unreachable = true;
    assertFalse(worker.step());
    assertTrue(refusal().contains("store is down"));
  }

  @Test
  void whatIsRenewedLasts() {
    assertTrue(worker.step());
    for (int i = 0; i < 10; i++) {
      goOn(20_000);
      assertTrue(worker.step());
      assertEquals(3, drawn());
    }
    assertEquals(List.of("take", "renew 3"), store.asked.subList(0, 2));
  }

  @Test
  void theHolderStopsBeforeTheStoreMayGiveItAway() {
    assertTrue(worker.step());
    goOn(24_999);
    assertEquals(3, drawn());
    goOn(1);
    assertTrue(refusal().contains("not renewed in time"));
  }

  @Test
  void aSlowAnswerCostsTheHolderAndNotTheStore() {
    clock.onPause = () -> {};
    LeasedWorker slow =
        new LeasedWorker(
            new WorkerLeases() {
              @Override
              public java.util.Optional<WorkerLease> take(
                  WorkerRange range, String owner, LeaseTerms terms) {
                var taken = store.take(range, owner, terms);
                goOn(26_000);
                return taken;
              }

              @Override
              public boolean renew(WorkerLease lease, LeaseTerms terms) {
                return store.renew(lease, terms);
              }

              @Override
              public void giveBack(WorkerLease lease, LeaseTerms terms) {}
            },
            new LeasedWorker.Settings(WorkerRange.ALL, LENGTH, COOL_DOWN, clock.time()));
    assertTrue(slow.step());
    assertFalse(slow.lasts(slow.hold()), "26 s of its 25 were over when the answer came");
  }

  @Test
  void whileTheStoreFailsTheLastLeaseIsUsedUpAndThenNothingIsDrawn() {
    assertTrue(worker.step());
    store.unreachable = true;
    goOn(10_000);
    assertFalse(worker.step());
    assertEquals(3, drawn());
    goOn(15_000);
    assertFalse(worker.step());
    assertTrue(refusal().contains("store is down"));
    store.unreachable = false;
    assertTrue(worker.step());
    assertEquals(3, drawn(), "nobody had taken it meanwhile");
  }

  @Test
  void aLeaseThatIsLostIsFollowedByAnother() {
    assertTrue(worker.step());
    String before = ids.next();
    store.giveAway(3);
    goOn(10_000);
    assertTrue(worker.step());
    String after = ids.next();
    assertEquals(OptionalInt.of(4), SnowflakeIds.workerOf(after));
    assertTrue(after.compareTo(before) > 0);
  }

  @Test
  void ifNoWorkerIdIsFreeItIsSaidAndOneIsTakenLater() {
    store.giveAway(3);
    assertTrue(worker.step());
    LeasedWorker second = worker(new WorkerRange(3, 4));
    assertFalse(second.step());
    String why = String.valueOf(assertThrows(IdsUnavailable.class, second::hold).getMessage());
    assertTrue(why.contains("all are held"), why);
    goOn(50_001);
    assertTrue(second.step());
    assertEquals(4, second.hold().worker());
  }

  @Test
  void whatIsGivenBackTellsTheLastTimeThatWasUsed() {
    var kept = worker(new WorkerRange(3, 3));
    kept.open();
    SnowflakeIds closing = new SnowflakeIds(kept, clock.time(), SECOND);
    goOn(5_000);
    var unused = closing.next();
    goOn(5_000);
    closing.close();
    assertEquals(SetTime.START + 5_000, store.upTo(3));
  }

  @Test
  void whatWasNeverUsedIsGivenBackAsItWas() {
    var kept = worker(new WorkerRange(3, 3));
    kept.open();
    new SnowflakeIds(kept, clock.time(), SECOND).close();
    assertEquals(SetTime.START - 1, store.upTo(3));
  }

  @Test
  void afterARestartWithAClockThatWasSetBackAnotherWorkerIdIsTaken() {
    worker.open();
    var unused = ids.next();
    ids.close();
    clock.setBy = -3_600_000;
    storeClock.goOn(COOL_DOWN.toMillis() + 1);
    LeasedWorker next = worker(new WorkerRange(3, 4));
    assertTrue(next.step());
    assertEquals(4, next.hold().worker(), "3 was used at a later time than the clock shows");
  }

  @Test
  void afterAProcessStoodStillWhileTheTimeOfDayWentOnNothingIsDrawnUntilItsRenewal() {
    assertTrue(worker.step());
    // As a suspended machine: its steady counter stood still too.
    clock.setBy = 3_600_000;
    assertTrue(refusal().contains("jumped ahead"));
    assertTrue(worker.step());
    assertEquals(3, drawn());
  }

  @Test
  void theKeeperRenewsByItselfAndGivesBackAtTheEnd() {
    try (SnowflakeIds kept =
        SnowflakeIds.leased(store).lease(Duration.ofMillis(300)).workers(9, 9).open()) {
      Await.until("it was renewed", () -> renewals() >= 3);
      assertEquals(OptionalInt.of(9), SnowflakeIds.workerOf(kept.next()));
    }
    synchronized (store) {
      assertEquals("giveBack 9", store.asked.get(store.asked.size() - 1));
    }
  }

  private long renewals() {
    synchronized (store) {
      return store.asked.stream().filter("renew 9"::equals).count();
    }
  }

  @Test
  void openingFailsIfNoneIsToBeHad() {
    store.unreachable = true;
    SnowflakeBuilder builder = SnowflakeIds.leased(store);
    String why = String.valueOf(assertThrows(IdsUnavailable.class, builder::open).getMessage());
    assertTrue(why.contains("from 0 to 1023") && why.contains("store is down"), why);
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    SnowflakeBuilder builder = SnowflakeIds.leased(store);
    assertThrows(IllegalArgumentException.class, () -> builder.lease(Duration.ofMillis(99)));
    assertThrows(IllegalArgumentException.class, () -> builder.coolDown(Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> builder.workers(5, 4));
    assertThrows(IllegalArgumentException.class, () -> builder.workers(0, 1_024));
  }
}
