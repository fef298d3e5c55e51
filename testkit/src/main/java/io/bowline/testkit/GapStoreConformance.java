// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.message.LaneNumber.Range;
import io.bowline.testkit.servers.BrokerServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What a store of gaps must do, each behaviour a test. Topics of one run are new to the store that
 * is given.
 *
 * <pre>{@code
 * final class MyGapStoreIT extends GapStoreConformance {
 *   @Override
 *   protected GapStore open() {
 *     return new MyGapStore(database);
 *   }
 * }
 * }</pre>
 *
 * <p>With a {@link #server} that can be broken, the store is also held to what it does while its
 * database is killed, frozen or cut off.
 */
public abstract class GapStoreConformance {
  /** How long a store may take to give up, and a killed one to come back. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int ROUNDS = 20;

  private final String topic = "topic-" + UUID.randomUUID();

  /** For subclasses. */
  protected GapStoreConformance() {}

  /**
   * A store as a member of the group opens it: each call another one, on the same data. Whoever
   * overrides this closes them.
   */
  protected abstract GapStore open();

  /** The database behind the store, if the kit may break it: no other test may be using it. */
  protected Optional<BrokerServer> server() {
    return Optional.empty();
  }

  private GroupLane lane(int lane) {
    return new GroupLane(topic, "billing", lane);
  }

  private static ChainState chain(String source, long epoch, long watermark) {
    Extent extent = new Extent(1, watermark, true);
    return new ChainState(
        source, epoch, extent, List.of(), List.of(), List.of(), List.of(), Counts.NONE);
  }

  private static ChainState chain(long epoch, long watermark) {
    return chain("shop", epoch, watermark);
  }

  /** All parts, with the greatest and the least that they hold. */
  private static ChainState rich(long epoch) {
    List<KeyNumbers> keys = List.of(new KeyNumbers("user-7 \u00e4\u4e2d'\"", 5, 9));
    return new ChainState(
        "trade",
        epoch,
        new Extent(3, Long.MAX_VALUE - 2_000, false),
        List.of(-1L, Long.MIN_VALUE, 5L),
        List.of(new Range(4, 4), new Range(200, 210)),
        List.of(new Range(20, 29)),
        List.of(
            new Absent(40, 49, 1_700_000_000_123L, true, true, keys),
            new Absent(60, 60, 1_700_000_000_124L, false, false, List.of())),
        new Counts(List.of(new Range(17, 18)), 9));
  }

  /** As a set: in what order chains come back is not said. */
  private static Set<ChainState> claimed(GapStore store, GroupLane lane) {
    return new HashSet<>(store.claim(lane).chains());
  }

  private static void save(GapStore store, Claim claim, ChainState... chains) {
    assertTrue(store.save(claim, List.of(chains)), "the claim holds, so it is saved");
  }

  @Test
  final void nothingIsKnownOfALaneThatIsNew() {
    assertEquals(List.of(), open().claim(lane(0)).chains());
    assertEquals(Map.of(), open().read(topic, "billing"));
  }

  @Test
  final void whatWasSavedLastComesWithTheNextClaim() {
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, chain(7, 1), chain(8, 5));
    save(store, claim, chain(7, 2));
    assertEquals(Set.of(chain(8, 5), chain(7, 2)), claimed(open(), lane(0)));
  }

  @Test
  final void everyPartOfAStateIsKept() {
    GapStore store = open();
    save(store, store.claim(lane(0)), rich(7), rich(-1));
    assertEquals(Set.of(rich(7), rich(-1)), claimed(open(), lane(0)));
  }

  @Test
  final void manyChainsAreSavedAtOnce() {
    GapStore store = open();
    ChainState[] many =
        IntStream.range(0, 300).mapToObj(i -> chain(i, i + 1)).toArray(ChainState[]::new);
    save(store, store.claim(lane(0)), many);
    assertEquals(Set.of(many), claimed(open(), lane(0)));
  }

  @Test
  final void eachClaimIsAboveTheLast() {
    long last = open().claim(lane(0)).number();
    for (int i = 0; i < 3; i++) {
      long next = open().claim(lane(0)).number();
      assertTrue(next > last, next + " after " + last);
      last = next;
    }
  }

  @Test
  final void anEarlierClaimSavesNothing() {
    GapStore store = open();
    Claim first = store.claim(lane(0));
    save(store, first, chain(7, 1));
    GapStore next = open();
    Claim second = next.claim(lane(0));
    assertFalse(store.save(first, List.of(chain(7, 2), chain(9, 1))));
    assertFalse(store.save(first, List.of()));
    save(next, second, chain(8, 1));
    assertEquals(Set.of(chain(7, 1), chain(8, 1)), claimed(open(), lane(0)));
  }

  @Test
  final void lanesGroupsAndTopicsAreKeptApart() {
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, chain(7, 1));
    for (GroupLane other :
        List.of(
            lane(1),
            new GroupLane(topic, "shipping", 0),
            new GroupLane(topic, "Billing", 0),
            new GroupLane(topic + "b", "illing", 0),
            new GroupLane(topic + " ", "billing", 0))) {
      assertEquals(List.of(), store.claim(other).chains(), other::toString);
    }
    save(store, claim, chain(7, 2));
  }

  @Test
  final void sourcesAndEpochsAreKeptApart() {
    GapStore store = open();
    ChainState[] all = {
      chain("shop", 7, 1),
      chain("shop", 8, 2),
      chain("Shop", 7, 3),
      chain("shop ", 7, 4),
      chain("shop", -7, 5)
    };
    save(store, store.claim(lane(0)), all);
    assertEquals(Set.of(all), claimed(open(), lane(0)));
  }

  @Test
  final void namesMayBeLongAndOfAnyLetters() {
    String odd = topic + "/3 {17} 'quoted' \"twice\"; -- \u00e4\u4e2d \\ % _ :";
    String longOne = odd + "x".repeat(300);
    GapStore store = open();
    for (String name : List.of(odd, longOne, longOne + "x", "}" + odd)) {
      GroupLane lane = new GroupLane(name, name, 1);
      save(store, store.claim(lane), chain(name, 7, 1), chain(name + "x", 7, 2));
      Set<ChainState> saved = Set.of(chain(name, 7, 1), chain(name + "x", 7, 2));
      assertEquals(saved, claimed(open(), lane));
      assertEquals(saved, new HashSet<>(open().read(name, name).getOrDefault(1, List.of())));
    }
  }

  @Test
  final void aReportReadsAllLanesAndClaimsNone() {
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, rich(7), chain(8, 2));
    save(store, store.claim(lane(12)), chain(9, 3));
    save(store, store.claim(new GroupLane(topic, "shipping", 5)), chain(1, 1));
    Map<Integer, List<ChainState>> read = open().read(topic, "billing");
    assertEquals(Set.of(0, 12), read.keySet());
    assertEquals(Set.of(rich(7), chain(8, 2)), new HashSet<>(read.get(0)));
    assertEquals(List.of(chain(9, 3)), read.get(12));
    save(store, claim, chain(8, 3));
  }

  /** One saves two chains alike until it is followed: what the next one gets is all there is. */
  @Test
  final void aClaimSeesAWholeSaveAndNothingIsSavedBehindIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      GroupLane lane = lane(round);
      GapStore saving = open();
      Claim claim = saving.claim(lane);
      AtomicBoolean followed = new AtomicBoolean();
      AtomicLong saves = new AtomicLong();
      List<Set<ChainState>> seen =
          atOnce(
              () -> saveUntil(followed, saves, saving, claim),
              () -> {
                while (saves.get() < 3) {
                  Thread.onSpinWait();
                }
                Set<ChainState> following = claimed(open(), lane);
                followed.set(true);
                return following;
              });
      Set<ChainState> following = seen.get(1);
      assertEquals(following, claimed(open(), lane), "something was saved behind a claim");
      assertTrue(
          following.stream().map(ChainState::extent).distinct().count() <= 1,
          () -> "half of a save: " + following);
    }
  }

  private static Set<ChainState> saveUntil(
      AtomicBoolean followed, AtomicLong saves, GapStore store, Claim claim) {
    try {
      while (true) {
        boolean over = followed.get();
        long number = saves.get() + 1;
        if (!store.save(claim, List.of(chain(7, number), chain(8, number)))) {
          return Set.of();
        }
        assertFalse(over, "an earlier claim saves on");
        saves.incrementAndGet();
      }
    } finally {
      saves.set(Long.MAX_VALUE);
    }
  }

  @Test
  final void ofThoseWhoClaimAtOnceTheLastOneSaves() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      GroupLane lane = lane(round);
      GapStore one = open();
      GapStore other = open();
      List<Claim> claims = atOnce(() -> one.claim(lane), () -> other.claim(lane));
      boolean oneIsLast = claims.get(0).number() > claims.get(1).number();
      assertTrue(oneIsLast || claims.get(0).number() < claims.get(1).number(), "two alike");
      assertEquals(oneIsLast, one.save(claims.get(0), List.of(chain(7, 1))));
      assertEquals(!oneIsLast, other.save(claims.get(1), List.of(chain(7, 1))));
    }
  }

  private static <T> List<T> atOnce(Callable<T> one, Callable<T> other) throws Exception {
    CyclicBarrier begin = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> each : List.of(one, other)) {
        running.add(
            threads.submit(
                () -> {
                  begin.await();
                  return each.call();
                }));
      }
      return List.of(running.get(0).get(), running.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  final void whatWasSavedOutlivesAKilledDatabase() {
    BrokerServer database = breakable();
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, rich(7));
    database.kill();
    database.start();
    GapStore next = open();
    Claim later = untilClaimed(next, lane(0));
    assertEquals(List.of(rich(7)), later.chains());
    assertTrue(later.number() > claim.number(), "claims go on above the earlier ones");
  }

  /** While it is away each call fails; then the same store saves under the same claim again. */
  @Test
  final void aKilledDatabaseIsFoundAgainByTheSameStore() {
    BrokerServer database = breakable();
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, chain(7, 1));
    database.kill();
    try {
      failsInTime(() -> store.save(claim, List.of(chain(7, 2))));
      failsInTime(() -> store.claim(lane(1)));
    } finally {
      database.start();
    }
    untilSaved(store, claim, chain(7, 3));
    assertEquals(List.of(chain(7, 3)), untilClaimed(open(), lane(0)).chains());
  }

  @Test
  final void aFrozenDatabaseFailsInTimeAndWhatItDoesLateSpoilsNothing() {
    BrokerServer database = breakable();
    GapStore store = open();
    Claim claim = store.claim(lane(0));
    save(store, claim, chain(7, 1));
    database.pause();
    try {
      failsInTime(() -> store.save(claim, List.of(chain(7, 2))));
    } finally {
      database.resume();
    }
    untilSaved(store, claim, chain(7, 3));
    assertEquals(List.of(chain(7, 3)), untilClaimed(open(), lane(0)).chains());
  }

  private static void failsInTime(Runnable call) {
    assertTimeoutPreemptively(PATIENCE, () -> assertThrows(RuntimeException.class, call::run));
  }

  private static void untilSaved(GapStore store, Claim claim, ChainState chain) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        assertTrue(store.save(claim, List.of(chain)), "nobody else claimed it");
        return;
      } catch (RuntimeException notYet) {
        assertTrue(System.nanoTime() < end, () -> "it still fails: " + notYet);
        Thread.onSpinWait();
      }
    }
  }

  private static Claim untilClaimed(GapStore store, GroupLane lane) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return store.claim(lane);
      } catch (RuntimeException notYet) {
        assertTrue(System.nanoTime() < end, () -> "it still fails: " + notYet);
        Thread.onSpinWait();
      }
    }
  }

  private BrokerServer breakable() {
    Optional<BrokerServer> database = server().filter(BrokerServer::breakable);
    Assumptions.assumeTrue(database.isPresent(), "no database that may be broken");
    return database.orElseThrow();
  }
}
