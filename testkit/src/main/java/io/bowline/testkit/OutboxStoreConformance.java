// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.OutboxStore;
import io.bowline.outbox.Parked;
import io.bowline.outbox.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * What the store of an outbox must do for its relays, each behaviour a test, on an outbox of its
 * own. It waits for leases to end, by the store's own clock.
 *
 * <pre>{@code
 * final class MyOutboxIT extends OutboxStoreConformance {
 *   @Override
 *   protected OutboxStore open(String name) { return new MyOutbox(database, name); }
 *
 *   @Override
 *   protected void append(String name, List<Message> messages) { … commit … }
 * }
 * }</pre>
 */
public abstract class OutboxStoreConformance {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MANY = 10_000;
  private static final long ALL_BYTES = Long.MAX_VALUE;

  private final String name = "outbox-" + UUID.randomUUID();

  /** For subclasses. */
  protected OutboxStoreConformance() {}

  /** An outbox as a process opens it: each call another one, on the same rows. */
  protected abstract OutboxStore open(String name);

  /** Appends messages, which have ids, in one transaction, and commits it. */
  protected abstract void append(String name, List<Message> messages);

  private OutboxStore open() {
    return open(name);
  }

  private void append(Message... messages) {
    append(name, List.of(messages));
  }

  private static Message message(String id) {
    return Message.to("beans.deduct").id(id).text("of " + id);
  }

  private static Message keyed(String key, String id) {
    return message(id).key(key);
  }

  private static String relay() {
    return "relay-" + UUID.randomUUID();
  }

  /** All lanes. */
  private List<LaneLease> takeAll(OutboxStore store, String relay, Duration lease) {
    Standing unused = store.beat(relay, lease);
    return store.take(relay, store.lanes(), lease);
  }

  private static List<OutboxRow> read(OutboxStore store, LaneLease lease) {
    return store.read(lease, MANY, ALL_BYTES);
  }

  private static List<String> ids(List<OutboxRow> rows) {
    return rows.stream().map(row -> row.message().id().orElseThrow()).toList();
  }

  private static List<String> idsOf(OutboxStore store, List<LaneLease> leases) {
    return leases.stream().flatMap(lease -> ids(read(store, lease)).stream()).sorted().toList();
  }

  /** The lease of the lane in which something waits; there must be one such lane. */
  private static LaneLease full(OutboxStore store, List<LaneLease> leases) {
    List<LaneLease> full = leases.stream().filter(lease -> !read(store, lease).isEmpty()).toList();
    assertEquals(1, full.size(), () -> "lanes with messages: " + full);
    return full.get(0);
  }

  private List<LaneLease> awaitTaken(OutboxStore store, String relay) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<LaneLease> taken = new ArrayList<>();
    while (taken.size() < store.lanes()) {
      taken.addAll(takeAll(store, relay, LONG));
      assertTrue(System.nanoTime() - end < 0, () -> "never free: taken " + taken);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    taken.sort(Comparator.comparing(LaneLease::lane));
    return taken;
  }

  @Test
  final void eachLaneIsLentToOneRelayAtATime() {
    OutboxStore store = open();
    String one = relay();
    String two = relay();
    assertEquals(store.lanes(), store.beat(one, LONG).free());
    List<LaneLease> first = store.take(one, 3, LONG);
    assertEquals(3, first.size());
    List<LaneLease> rest = takeAll(open(), two, LONG);
    assertEquals(store.lanes() - 3, rest.size());
    assertEquals(Set.copyOf(first), Set.copyOf(store.beat(one, LONG).mine()));
    assertEquals(Set.copyOf(rest), Set.copyOf(store.beat(two, LONG).mine()));
    assertEquals(List.of(), store.take(one, store.lanes(), LONG));
  }

  @Test
  final void ofRelaysThatTakeAtOnceOneHasEachLane() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<LaneLease>>> taking = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        taking.add(threads.submit(() -> takeAll(open(), relay(), LONG)));
      }
      List<Integer> lanes = new ArrayList<>();
      for (Future<List<LaneLease>> one : taking) {
        one.get().forEach(lease -> lanes.add(lease.lane()));
      }
      assertEquals(open().lanes(), new HashSet<>(lanes).size());
      assertEquals(open().lanes(), lanes.size());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  final void aLaneWhoseLeaseIsOverIsTakenWithAGreaterEpochAndNotBefore() {
    OutboxStore store = open();
    long begun = System.nanoTime();
    List<LaneLease> first = new ArrayList<>(takeAll(store, relay(), SHORT));
    first.sort(Comparator.comparing(LaneLease::lane));
    List<LaneLease> second = awaitTaken(open(), relay());
    Duration passed = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(passed.plusMillis(50).compareTo(SHORT) >= 0, () -> "over after " + passed);
    for (int i = 0; i < first.size(); i++) {
      assertTrue(first.get(i).epoch() < second.get(i).epoch());
    }
  }

  @Test
  final void aBeatRenewsWhatARelayHas() {
    OutboxStore store = open();
    String relay = relay();
    List<LaneLease> mine = takeAll(store, relay, SHORT);
    Standing renewed = store.beat(relay, LONG);
    assertEquals(Set.copyOf(mine), Set.copyOf(renewed.mine()));
    String marker = relay();
    OutboxStore other = open("outbox-" + UUID.randomUUID());
    List<LaneLease> over = takeAll(other, marker, SHORT);
    assertEquals(over.size(), awaitTaken(other, relay()).size());
    assertEquals(List.of(), takeAll(open(), relay(), LONG));
  }

  @Test
  final void relaysAreCountedAsLongAsTheyLive() {
    OutboxStore store = open();
    String one = relay();
    String two = relay();
    assertEquals(1, store.beat(one, LONG).relays());
    assertEquals(2, store.beat(two, LONG).relays());
    assertEquals(2, store.beat(one, LONG).relays());
    store.leave(two);
    assertEquals(1, store.beat(one, LONG).relays());
  }

  @Test
  final void whatIsGivenBackOrLeftIsFreeAtOnce() {
    OutboxStore store = open();
    String one = relay();
    List<LaneLease> all = takeAll(store, one, LONG);
    store.giveBack(all.subList(0, 2));
    assertEquals(store.lanes() - 2, store.beat(one, LONG).mine().size());
    String two = relay();
    assertEquals(2, takeAll(store, two, LONG).size());
    store.giveBack(all.subList(0, 2)); // another's now
    assertEquals(2, store.beat(two, LONG).mine().size());
    store.leave(one);
    assertEquals(store.lanes() - 2, store.take(two, store.lanes(), LONG).size());
  }

  @Test
  final void aMessageIsReadAsItWasAppended() {
    String odd = "\u00e4\u4e2d\ud83d\ude00 'quoted' \"twice\"; -- \\ % _ \u0000";
    Message sent =
        keyed(odd, odd + "x".repeat(300)).header("first", odd).header("second", "").body(bytes());
    append(sent);
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    OutboxRow row = read(store, full(store, leases)).get(0);
    assertEquals(sent.topic(), row.message().topic());
    assertEquals(sent.id(), row.message().id());
    assertEquals(sent.key(), row.message().key());
    assertEquals(sent.headers(), row.message().headers());
    assertArrayEquals(sent.body(), row.message().body());
  }

  private static byte[] bytes() {
    byte[] all = new byte[70_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return all;
  }

  @Test
  final void aKeyLiesInOneLaneInTheOrderOfAppending() {
    append(keyed("k", "1"), keyed("k", "2"));
    append(keyed("k", "3"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    LaneLease lane = full(store, leases);
    assertEquals(List.of("1", "2", "3"), ids(read(store, lane)));
    assertEquals(List.of("1", "2", "3"), ids(read(store, lane)), "nothing was finished");
  }

  @Test
  final void aReadIsBoundedByRowsAndBytesAndGivesOneAtLeast() {
    append(keyed("k", "1"), keyed("k", "2"), keyed("k", "3"));
    OutboxStore store = open();
    LaneLease lane = full(store, takeAll(store, relay(), LONG));
    assertEquals(List.of("1", "2"), ids(store.read(lane, 2, ALL_BYTES)));
    assertEquals(List.of("1"), ids(store.read(lane, MANY, 1)));
  }

  @Test
  final void theLanesOfARelayInWhichMessagesWaitAreReady() {
    OutboxStore store = open();
    String one = relay();
    List<LaneLease> leases = takeAll(store, one, LONG);
    assertEquals(List.of(), store.ready(one));
    append(keyed("k", "1"));
    assertEquals(List.of(full(store, leases).lane()), store.ready(one));
    assertEquals(List.of(), store.ready(relay()));
    assertEquals(List.of(), open("outbox-" + UUID.randomUUID()).ready(one));
  }

  @Test
  final void theFirstOfAllLanesAreReadTogetherAsOneByOne() {
    append(keyed("k", "1"), keyed("k", "2"), keyed("k", "3"), keyed("other", "4"), message("5"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    Map<LaneLease, List<OutboxRow>> first = store.readFirst(leases, 2, ALL_BYTES);
    for (LaneLease lease : leases) {
      assertEquals(ids(store.read(lease, 2, ALL_BYTES)), ids(first.getOrDefault(lease, List.of())));
    }
    assertEquals(Map.of(), store.readFirst(List.of(), 2, ALL_BYTES));
    Map<LaneLease, List<OutboxRow>> cut = store.readFirst(leases, MANY, 1);
    assertEquals(1, cut.values().stream().mapToInt(List::size).sum());
    leases.stream()
        .filter(lease -> !read(store, lease).isEmpty())
        .forEach(lease -> assertTrue(cut.containsKey(lease), () -> lease + " not in " + cut));
  }

  @Test
  final void whatIsFinishedTogetherIsGoneWhereTheLeaseHolds() {
    append(keyed("k", "1"), keyed("other", "2"), message("3"), message("4"), message("5"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    Map<LaneLease, List<Long>> all = new HashMap<>();
    store
        .readFirst(leases, MANY, ALL_BYTES)
        .forEach((lease, rows) -> all.put(lease, rows.stream().map(OutboxRow::id).toList()));
    LaneLease left = all.keySet().iterator().next();
    store.giveBack(List.of(left));
    assertEquals(Set.of(left), store.finishAll(all));
    assertEquals(all.getOrDefault(left, List.of()).size(), store.pending().rows());
    assertEquals(Set.of(), store.finishAll(Map.of()));
  }

  @Test
  final void whatIsFinishedIsGoneAndNothingElse() {
    append(keyed("k", "1"), keyed("k", "2"), keyed("k", "3"));
    OutboxStore store = open();
    LaneLease lane = full(store, takeAll(store, relay(), LONG));
    List<OutboxRow> rows = read(store, lane);
    List<Long> ids = List.of(rows.get(0).id(), rows.get(2).id());
    assertTrue(store.finish(lane, ids));
    assertEquals(List.of("2"), ids(read(store, lane)));
    assertTrue(store.finish(lane, ids), "it may be said twice");
    assertEquals(List.of("2"), ids(read(open(), lane)));
  }

  @Test
  final void aFinishUnderAnEarlierEpochChangesNothing() {
    append(keyed("k", "1"));
    OutboxStore store = open();
    LaneLease late = full(store, takeAll(store, relay(), SHORT));
    List<OutboxRow> rows = read(store, late);
    List<LaneLease> next = awaitTaken(open(), relay());
    assertFalse(store.finish(late, List.of(rows.get(0).id())));
    assertFalse(store.park(late, rows.get(0), "a test"));
    assertEquals(List.of("1"), idsOf(store, next));
    assertEquals(List.of(), store.parked(MANY));
  }

  @Test
  final void aFinishOfWhoGaveTheLaneBackChangesNothing() {
    append(keyed("k", "1"));
    OutboxStore store = open();
    LaneLease lane = full(store, takeAll(store, relay(), LONG));
    List<OutboxRow> rows = read(store, lane);
    store.giveBack(List.of(lane));
    assertFalse(store.finish(lane, List.of(rows.get(0).id())));
    assertEquals(1, store.pending().rows());
  }

  @Test
  final void aFinishAfterTheLeaseIsGoodIfNobodyFollowed() {
    append(keyed("k", "1"));
    OutboxStore store = open();
    LaneLease lane = full(store, takeAll(store, relay(), Duration.ofMillis(1)));
    assertTrue(store.finish(lane, List.of(read(store, lane).get(0).id())));
    assertEquals(0, store.pending().rows());
  }

  @Test
  final void aParkedKeyIsPutAsideWithAllOfItAndNoOther() {
    append(keyed("k", "1"), keyed("k", "2"), keyed("other", "3"), message("4"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    park(store, leases, "1");
    append(keyed("k", "5"), keyed("other", "6"));
    assertEquals(List.of("3", "4", "6"), idsOf(store, leases));
    assertEquals(List.of("3", "4", "6"), idsOf(open(), leases));
    assertEquals(6, store.pending().rows());
    assertEquals(1, store.pending().parked());
    Parked parked = store.parked(MANY).get(0);
    assertEquals("k", parked.key());
    assertEquals("1", parked.messageId());
    assertEquals("too large", parked.reason());
  }

  private static void park(OutboxStore store, List<LaneLease> leases, String id) {
    for (LaneLease lease : leases) {
      for (OutboxRow row : read(store, lease)) {
        if (row.message().id().orElseThrow().equals(id)) {
          assertTrue(store.park(lease, row, "too large"));
          assertTrue(store.park(lease, row, "too large"), "it may be said twice");
          return;
        }
      }
    }
    throw new AssertionError("No message " + id);
  }

  @Test
  final void whatIsUnparkedComesAgainInItsOldOrder() {
    append(keyed("k", "1"), keyed("k", "2"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    park(store, leases, "1");
    append(keyed("k", "3"));
    assertEquals(List.of(), idsOf(store, leases));
    String token = store.parked(MANY).get(0).token();
    append(keyed("k", "4"));
    assertTrue(open().unpark(token));
    assertFalse(store.unpark(token));
    List<OutboxRow> rows = read(store, full(store, leases));
    assertEquals(List.of("1", "2", "3", "4"), ids(rows));
    assertEquals(List.of(), store.parked(MANY));
    List<Long> numbers = rows.stream().map(OutboxRow::number).toList();
    assertEquals(numbers.stream().sorted().toList(), numbers);
    assertTrue(!store.numbered() || new HashSet<>(numbers).size() == 4, numbers::toString);
  }

  @Test
  final void aMessageWithoutKeyIsParkedAlone() {
    append(message("1"), message("2"));
    OutboxStore store = open();
    List<LaneLease> leases = takeAll(store, relay(), LONG);
    park(store, leases, "1");
    assertEquals(List.of("2"), idsOf(store, leases));
    assertTrue(store.unpark(store.parked(MANY).get(0).token()));
    assertEquals(List.of("1", "2"), idsOf(store, leases));
  }

  @Test
  final void whatWaitsIsCountedWithItsAge() {
    OutboxStore store = open();
    assertEquals(0, store.pending().rows());
    assertEquals(Duration.ZERO, store.pending().oldest());
    append(keyed("k", "1"), message("2"));
    awaitAge(store); // no relay was ever there
    var unused = takeAll(store, relay(), LONG);
    awaitAge(store);
    assertEquals(2, store.pending().rows());
  }

  private static void awaitAge(OutboxStore store) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    Duration age = store.pending().oldest();
    while (age.isZero() && System.nanoTime() - end < 0) {
      age = store.pending().oldest();
    }
    assertTrue(age.toNanos() > 0 && age.compareTo(PATIENCE) < 0, "it waits for " + age);
  }

  @Test
  final void anOutboxKnowsNothingOfAnother() {
    append(keyed("k", "1"));
    String two = "outbox-" + UUID.randomUUID();
    append(two, List.of(keyed("k", "2")));
    OutboxStore other = open(two);
    List<LaneLease> leases = takeAll(other, relay(), LONG);
    assertEquals(other.lanes(), leases.size());
    assertEquals(List.of("2"), idsOf(other, leases));
    assertEquals(1, other.pending().rows());
    assertEquals(1, open().pending().rows());
  }

  @Test
  final void whoListensIsWokenUntilHeDoesNot() {
    OutboxStore store = open();
    AtomicInteger woken = new AtomicInteger();
    OutboxStore.Listening listening = store.listen(woken::incrementAndGet);
    boolean unused = store.unpark("00");
    listening.close();
    int before = woken.get();
    boolean unused2 = store.unpark("00");
    assertEquals(before, woken.get());
  }
}
