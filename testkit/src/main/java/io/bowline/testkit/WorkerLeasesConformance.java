// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerLeases;
import io.bowline.id.WorkerRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * What a store of worker leases must do, each behaviour a test. Each uses worker ids of a name of
 * its own. Leases that must end last fractions of a second, all others an hour, so that no slow
 * machine ends them.
 *
 * <pre>{@code
 * final class MyWorkerLeasesIT extends WorkerLeasesConformance {
 *   @Override
 *   protected WorkerLeases open(String name) {
 *     return new MyWorkerLeases(database, name);
 *   }
 * }
 * }</pre>
 */
public abstract class WorkerLeasesConformance {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration NONE = Duration.ZERO;
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration SHORT = Duration.ofMillis(400);

  /** What clocks of store and test may differ by within a short lease, in ms. */
  private static final long TOLERANCE = 40;

  private static final int THREADS = 8;
  private static final WorkerRange ONE = new WorkerRange(3, 3);
  private static final WorkerRange OTHER = new WorkerRange(4, 4);
  private static final WorkerRange SENTINEL = new WorkerRange(100, 100);

  private final String name = "ids-" + UUID.randomUUID();
  private long time = 1_000;

  /** For subclasses. */
  protected WorkerLeasesConformance() {}

  /**
   * A store as a process opens it: each call another one, on the same data, as the next process
   * would after the last one crashed. Whoever overrides this closes them.
   *
   * @param name of the worker ids that are lent; not known to the store before
   */
  protected abstract WorkerLeases open(String name);

  /** The longest wait for what must come, 60 s unless overridden: far longer than it takes. */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  private WorkerLeases open() {
    return open(name);
  }

  private static LeaseTerms terms(Duration length, long from, long upTo) {
    return new LeaseTerms(length, NONE, from, upTo);
  }

  /** Of a time that was never used. */
  private LeaseTerms terms(Duration length, Duration coolDown) {
    time += 2;
    return new LeaseTerms(length, coolDown, time, time + 1);
  }

  private static Optional<WorkerLease> take(
      WorkerLeases store, WorkerRange range, LeaseTerms terms) {
    return store.take(range, UUID.randomUUID().toString(), terms);
  }

  private WorkerLease taken(WorkerLeases store, WorkerRange range, Duration length) {
    return take(store, range, terms(length, NONE)).orElseThrow();
  }

  private WorkerLease awaitFree(WorkerLeases store, WorkerRange range) {
    long deadline = System.nanoTime() + patience().toNanos();
    while (System.nanoTime() < deadline) {
      Optional<WorkerLease> lease = take(store, range, terms(HOUR, NONE));
      if (lease.isPresent()) {
        return lease.get();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    throw new AssertionError(range + " did not become free within " + patience());
  }

  /** Returns once all that lasted a moment only has ended by the store's clock. */
  private void passMoment(WorkerLeases store) {
    var unused = taken(store, SENTINEL, MOMENT);
    store.giveBack(awaitFree(store, SENTINEL), terms(MOMENT, NONE));
  }

  private static void assertAtLeast(Duration least, long beganNanos) {
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    assertTrue(took + TOLERANCE >= least.toMillis(), () -> "after " + took + " ms, not " + least);
  }

  @Test
  final void eachHolderHasAnotherWorkerIdOfTheRange() {
    WorkerLeases store = open();
    WorkerRange three = new WorkerRange(1_021, 1_023);
    Set<Integer> workers = new TreeSet<>();
    for (int i = 0; i < 3; i++) {
      workers.add(taken(store, three, HOUR).worker());
    }
    assertEquals(Set.of(1_021, 1_022, 1_023), workers);
    assertTrue(take(store, three, terms(HOUR, NONE)).isEmpty(), "all are held");
    assertEquals(0, taken(store, new WorkerRange(0, 0), HOUR).worker());
  }

  @Test
  final void aLeaseSaysWhoHoldsIt() {
    String owner = UUID.randomUUID().toString();
    WorkerLease lease = open().take(ONE, owner, terms(HOUR, NONE)).orElseThrow();
    assertEquals(new WorkerLease(3, owner), lease);
  }

  @Test
  final void whatOneProcessHoldsIsHeldForAll() {
    WorkerLease lease = taken(open(), ONE, HOUR);
    assertTrue(take(open(), ONE, terms(HOUR, NONE)).isEmpty(), "it is held");
    assertTrue(open().renew(lease, terms(HOUR, NONE)), "its owner is known by the token alone");
  }

  @Test
  final void namesAreApart() {
    assertEquals(3, taken(open(), ONE, HOUR).worker());
    assertEquals(3, taken(open(name + "-other"), ONE, HOUR).worker());
  }

  @Test
  final void whoFallsSilentIsFollowedAfterLeaseAndCoolDown() {
    WorkerLeases store = open();
    long began = System.nanoTime();
    assertTrue(take(store, ONE, terms(SHORT, SHORT)).isPresent());
    var unused = awaitFree(store, ONE);
    assertAtLeast(SHORT.multipliedBy(2), began);
  }

  @Test
  final void whatIsRenewedIsKept() {
    WorkerLeases store = open();
    WorkerLease kept = taken(store, ONE, SHORT);
    var left = taken(store, OTHER, SHORT);
    assertTrue(store.renew(kept, terms(HOUR, NONE)));
    assertEquals(left.worker(), awaitFree(store, OTHER).worker());
    assertTrue(take(store, ONE, terms(HOUR, NONE)).isEmpty(), "it was renewed");
  }

  @Test
  final void aRenewalCountsFromItself() {
    WorkerLeases store = open();
    WorkerLease lease = taken(store, ONE, HOUR);
    long began = System.nanoTime();
    assertTrue(store.renew(lease, terms(SHORT, SHORT)));
    var unused = awaitFree(store, ONE);
    assertAtLeast(SHORT.multipliedBy(2), began);
  }

  @Test
  final void whatIsGivenBackIsFreeAfterItsCoolDown() {
    WorkerLeases store = open();
    WorkerLease lease = taken(store, ONE, HOUR);
    long began = System.nanoTime();
    store.giveBack(lease, terms(HOUR, SHORT));
    var unused = awaitFree(store, ONE);
    assertAtLeast(SHORT, began);
  }

  @Test
  final void whoGaveItBackCannotRenewIt() {
    WorkerLeases store = open();
    WorkerLease lease = taken(store, ONE, HOUR);
    store.giveBack(lease, terms(HOUR, NONE));
    assertFalse(store.renew(lease, terms(HOUR, NONE)));
  }

  @Test
  final void whoLostItCanNeitherRenewItNorGiveItBack() {
    WorkerLeases store = open();
    WorkerLease lost = taken(store, ONE, MOMENT);
    WorkerLease next = awaitFree(store, ONE);
    assertFalse(store.renew(lost, terms(MOMENT, NONE)), "somebody else has it");
    store.giveBack(lost, terms(MOMENT, NONE));
    passMoment(store);
    assertTrue(take(store, ONE, terms(HOUR, NONE)).isEmpty(), "somebody else still has it");
    assertTrue(store.renew(next, terms(HOUR, NONE)));
  }

  @Test
  final void aTimeThatMayHaveBeenUsedIsNotUsedAgain() {
    WorkerLeases store = open();
    assertTrue(take(store, ONE, terms(MOMENT, 10_000, 20_000)).isPresent());
    passMoment(store);
    assertTrue(take(open(), ONE, terms(HOUR, 20_000, 30_000)).isEmpty(), "used up to 20,000");
    assertTrue(take(store, ONE, terms(HOUR, 20_001, 30_000)).isPresent());
  }

  @Test
  final void afterAGivingBackOnlyWhatWasUsedCounts() {
    WorkerLeases store = open();
    WorkerLease lease = take(store, ONE, terms(HOUR, 10_000, 20_000)).orElseThrow();
    store.giveBack(lease, terms(HOUR, 15_000, 15_000));
    passMoment(store);
    assertTrue(take(store, ONE, terms(HOUR, 15_000, 30_000)).isEmpty(), "used up to 15,000");
    assertTrue(take(store, ONE, terms(HOUR, 15_001, 30_000)).isPresent());
  }

  @Test
  final void renewalsRaiseWhatMayHaveBeenUsedAndNeverLowerIt() {
    WorkerLeases store = open();
    WorkerLease lease = take(store, ONE, terms(HOUR, 10_000, 20_000)).orElseThrow();
    assertTrue(store.renew(lease, terms(HOUR, 10_000, 30_000)));
    assertTrue(store.renew(lease, terms(MOMENT, 10_000, 25_000)));
    passMoment(store);
    assertTrue(take(store, ONE, terms(HOUR, 30_000, 40_000)).isEmpty(), "used up to 30,000");
    assertTrue(take(store, ONE, terms(HOUR, 30_001, 40_000)).isPresent());
  }

  @Test
  final void oneThatWasUsedLaterIsPassedOverForAnother() {
    WorkerLeases store = open();
    WorkerRange both = new WorkerRange(ONE.first(), ONE.first() + 1);
    WorkerLease ahead = take(store, both, terms(MOMENT, 10_000, 1_000_000)).orElseThrow();
    WorkerLease other = take(store, both, terms(MOMENT, 10_000, 20_000)).orElseThrow();
    passMoment(store);
    WorkerLease next = take(store, both, terms(HOUR, 30_000, 40_000)).orElseThrow();
    assertEquals(other.worker(), next.worker(), "not " + ahead.worker());
  }

  @Test
  final void manyAtOnceGetDifferentWorkerIds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    WorkerRange range = new WorkerRange(10, 9 + THREADS * THREADS);
    LeaseTerms terms = terms(HOUR, NONE);
    try {
      List<Future<List<Integer>>> taking = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        WorkerLeases store = open();
        taking.add(threads.submit(() -> workers(store, range, terms)));
      }
      Set<Integer> all = new TreeSet<>();
      for (Future<List<Integer>> one : taking) {
        all.addAll(one.get());
      }
      assertEquals(THREADS * THREADS, all.size());
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Integer> workers(WorkerLeases store, WorkerRange range, LeaseTerms terms) {
    List<Integer> workers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      workers.add(take(store, range, terms).orElseThrow().worker());
    }
    return workers;
  }
}
