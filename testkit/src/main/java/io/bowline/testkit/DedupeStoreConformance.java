// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.DedupeStore.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a dedupe store must do, each behaviour a test. Messages of one run are new to the store that
 * is given. It waits for leases to end, by the store's own clock, and takes no time for anything
 * else that a slow machine could not keep.
 *
 * <pre>{@code
 * final class MyDedupeStoreIT extends DedupeStoreConformance {
 *   @Override
 *   protected DedupeStore open(Duration lease) {
 *     return new MyDedupeStore(database, lease);
 *   }
 * }
 * }</pre>
 */
public abstract class DedupeStoreConformance {
  private static final int THREADS = 8;
  private static final int EACH = 40;

  /** A lease that nobody waits for. */
  private static final Duration LONG = Duration.ofMinutes(10);

  /** A lease whose end is waited for. */
  private static final Duration SHORT = Duration.ofMillis(500);

  /** How far two clocks of a machine may differ over a lease. */
  private static final Duration DRIFT = Duration.ofMillis(50);

  /** How long something is waited for that must come. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String topic = "topic-" + UUID.randomUUID();

  /** For subclasses. */
  protected DedupeStoreConformance() {}

  /**
   * A store as a process opens it: each call another one, on the same data, as the next process
   * would after the last one crashed. Whoever overrides this closes them.
   *
   * @param lease of its claims
   */
  protected abstract DedupeStore open(Duration lease);

  private DedupeKey message(String id) {
    return new DedupeKey(topic, "billing", id);
  }

  private Claim claim(DedupeStore store, String id) {
    return assertInstanceOf(Answer.Mine.class, store.claim(message(id))).claim();
  }

  private void assertBusy(DedupeStore store, String id) {
    assertInstanceOf(Answer.Busy.class, store.claim(message(id)));
  }

  private void assertDone(DedupeStore store, String id) {
    assertInstanceOf(Answer.Done.class, store.claim(message(id)));
  }

  /** Claims it as soon as that is given. */
  private Claim awaited(DedupeStore store, String id) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Answer answer = store.claim(message(id));
    while (!(answer instanceof Answer.Mine)) {
      assertFalse(answer instanceof Answer.Done, "nobody said that it is done");
      assertTrue(System.nanoTime() - end < 0, "never given, but " + answer);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      answer = store.claim(message(id));
    }
    return ((Answer.Mine) answer).claim();
  }

  /** Returns once claims that were made before by a short lease are over. */
  private void awaitShortLeases() {
    String marker = "marker-" + UUID.randomUUID();
    var mine = claim(open(SHORT), marker);
    assertEquals(message(marker), mine.message());
    var next = awaited(open(SHORT), marker);
    assertEquals(message(marker), next.message());
  }

  @Test
  final void aMessageIsClaimedByOneAtATime() {
    DedupeStore store = open(LONG);
    assertEquals(message("m"), claim(store, "m").message());
    for (DedupeStore other : List.of(store, open(LONG))) {
      Answer.Busy busy = assertInstanceOf(Answer.Busy.class, other.claim(message("m")));
      assertFalse(busy.left().isNegative(), busy::toString);
      assertTrue(busy.left().compareTo(LONG.plus(DRIFT)) <= 0, busy::toString);
    }
  }

  @Test
  final void whatIsDoneIsDoneForAll() {
    DedupeStore store = open(LONG);
    assertTrue(store.done(claim(store, "m")));
    assertDone(store, "m");
    assertDone(open(LONG), "m");
  }

  @Test
  final void doneOnceMoreAnswersTheSame() {
    DedupeStore store = open(LONG);
    Claim claim = claim(store, "m");
    assertTrue(store.done(claim));
    assertTrue(store.done(claim));
    assertTrue(open(LONG).done(claim));
  }

  @Test
  final void doneIsNotForgottenWithItsLease() {
    DedupeStore store = open(SHORT);
    assertTrue(store.done(claim(store, "m")));
    awaitShortLeases();
    assertDone(store, "m");
    assertDone(open(SHORT), "m");
  }

  @Test
  final void whatIsReleasedCanBeClaimedAtOnce() {
    DedupeStore store = open(LONG);
    Claim first = claim(store, "m");
    store.release(first);
    Claim second = claim(open(LONG), "m");
    assertNotEquals(first.token(), second.token());
  }

  @Test
  final void aClaimEndsWithItsLeaseAndNotBefore() {
    long begun = System.nanoTime();
    Claim first = claim(open(SHORT), "m");
    Claim second = awaited(open(LONG), "m");
    Duration passed = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(passed.plus(DRIFT).compareTo(SHORT) >= 0, () -> "it ended after " + passed);
    assertNotEquals(first.token(), second.token());
    assertBusy(open(SHORT), "m");
  }

  @Test
  final void aClaimThatIsExtendedLasts() {
    DedupeStore store = open(SHORT);
    for (int attempt = 1; ; attempt++) {
      String id = "m" + attempt;
      Claim claim = claim(store, id);
      awaitShortLeases();
      long extended = System.nanoTime();
      store.extend(List.of(claim));
      Answer answer = open(SHORT).claim(message(id));
      Duration passed = Duration.ofNanos(System.nanoTime() - extended);
      if (passed.plus(DRIFT).compareTo(SHORT) < 0 || attempt == 10) { // else it may be over again
        assertInstanceOf(Answer.Busy.class, answer);
        return;
      }
    }
  }

  @Test
  final void severalAreExtendedAtOnceAndNoOthers() {
    DedupeStore store = open(SHORT);
    Claim other = claim(store, "a");
    List<Claim> claims = List.of(claim(store, "b"), claim(store, "c"));
    open(LONG).extend(claims);
    assertNotEquals(other.token(), awaited(open(LONG), "a").token());
    assertBusy(store, "b");
    assertBusy(store, "c");
  }

  @Test
  final void aClaimThatAnotherOneFollowedChangesNothing() {
    DedupeStore late = open(SHORT);
    Claim over = claim(late, "m");
    DedupeStore store = open(LONG);
    Claim holds = awaited(store, "m");
    late.extend(List.of(over));
    assertFalse(late.done(over), "another one may have handled it");
    assertBusy(store, "m");
    late.release(over);
    assertBusy(store, "m");
    assertTrue(store.done(holds), "it still holds");
    late.release(over);
    assertDone(store, "m");
    assertFalse(late.done(over), "another one has handled it");
    assertTrue(store.done(holds));
  }

  @Test
  final void aClaimThatWasReleasedChangesNothingAnyMore() {
    DedupeStore store = open(LONG);
    Claim first = claim(store, "m");
    store.release(first);
    Claim second = claim(store, "m");
    store.release(first);
    assertBusy(store, "m");
    assertFalse(store.done(first));
    assertBusy(store, "m");
    assertTrue(store.done(second));
  }

  @Test
  final void aClaimThatIsOverIsGoodIfNobodyFollowed() {
    DedupeStore store = open(SHORT);
    Claim claim = claim(store, "m");
    awaitShortLeases();
    assertTrue(store.done(claim), "nobody else had it");
    assertDone(store, "m");
  }

  @Test
  final void whatIsDoneIsNeitherReleasedNorExtended() {
    DedupeStore store = open(SHORT);
    Claim claim = claim(store, "m");
    assertTrue(store.done(claim));
    store.release(claim);
    assertDone(store, "m");
    store.extend(List.of(claim));
    assertDone(store, "m");
    awaitShortLeases();
    assertDone(store, "m");
  }

  @Test
  final void whatIsDoneThoughNothingIsKnownOfItIsDoneAndInDoubt() {
    DedupeStore store = open(LONG);
    Claim claim = claim(store, "m");
    store.release(claim); // as if it had been forgotten
    assertFalse(store.done(claim), "somebody may have had it meanwhile");
    assertDone(store, "m");
  }

  @Test
  final void whatIsNotKnownIsReleasedAndExtendedInVain() {
    DedupeStore store = open(LONG);
    Claim claim = claim(store, "m");
    store.release(claim);
    store.release(claim);
    store.extend(List.of(claim));
    store.extend(List.of());
    assertEquals(message("m"), claim(store, "m").message());
  }

  @Test
  final void eachMessageOfEachGroupAndTopicIsClaimedForItself() {
    DedupeStore store = open(LONG);
    assertTrue(store.done(claim(store, "m")));
    assertEquals(message("M"), claim(store, "M").message());
    DedupeKey otherGroup = new DedupeKey(topic, "shipping", "m");
    assertInstanceOf(Answer.Mine.class, store.claim(otherGroup));
    DedupeKey otherTopic = new DedupeKey(topic + "-2", "billing", "m");
    assertInstanceOf(Answer.Mine.class, store.claim(otherTopic));
  }

  @Test
  final void idsMayBeLongAndOfAnyLetters() {
    DedupeStore store = open(LONG);
    String odd = "orders/3/17 'quoted' \"twice\"; -- \u00e4\u4e2d \\ % _ {x}";
    String longOne = odd + "x".repeat(200);
    for (String id : List.of(odd, longOne, longOne + "x")) {
      Claim claim = claim(store, id);
      assertBusy(open(LONG), id);
      assertTrue(store.done(claim));
      assertDone(open(LONG), id);
    }
  }

  @Test
  final void ofThreadsAndProcessesAtOnceOneGetsTheClaim() throws Exception {
    List<DedupeStore> stores = List.of(open(LONG), open(LONG));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<String>>> claiming = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        DedupeStore store = stores.get(i % 2);
        claiming.add(threads.submit(() -> claimed(store)));
      }
      List<String> all = new ArrayList<>();
      for (Future<List<String>> one : claiming) {
        all.addAll(one.get());
      }
      Collections.sort(all);
      assertEquals(IntStream.range(0, EACH).mapToObj(i -> "m" + i).sorted().toList(), all);
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> claimed(DedupeStore store) {
    return IntStream.range(0, EACH)
        .mapToObj(i -> "m" + i)
        .filter(id -> store.claim(message(id)) instanceof Answer.Mine)
        .toList();
  }

  @Test
  final void itSaysForHowLongAndWhere() {
    DedupeStore store = open(SHORT);
    assertEquals(SHORT, store.lease());
    assertTrue(store.remembers().compareTo(SHORT) > 0, () -> "" + store.remembers());
    assertFalse(store.memory().isBlank());
  }
}
