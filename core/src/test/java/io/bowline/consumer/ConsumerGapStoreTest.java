// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static io.bowline.consumer.Scene.awaitAccepted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.ChainState;
import io.bowline.gap.Gap;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a group has completed, kept in a store before it is acknowledged. */
@Timeout(60)
class ConsumerGapStoreTest {
  private static final GapStore.GroupLane PLACE = new GapStore.GroupLane("orders", "billing", 0);
  private final Scene scene = new Scene();
  private final Watched store = new Watched();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();

  /** Keeps in memory what it is given, if it is allowed to. */
  private static final class Watched implements GapStore {
    final InMemoryGapStore kept = new InMemoryGapStore();
    final AtomicInteger refusedClaims = new AtomicInteger();
    final AtomicInteger refusedSaves = new AtomicInteger();
    volatile BooleanSupplier claims = () -> true;
    volatile BooleanSupplier saves = () -> true;
    volatile long watermark;

    @Override
    public Claim claim(GroupLane lane) {
      if (!claims.getAsBoolean()) {
        refusedClaims.incrementAndGet();
        throw new IllegalStateException("the store is down");
      }
      return kept.claim(lane);
    }

    @Override
    public Map<Integer, List<ChainState>> read(String topic, String group) {
      return kept.read(topic, group);
    }

    @Override
    public boolean save(Claim claim, List<ChainState> changed) {
      if (!saves.getAsBoolean()) {
        refusedSaves.incrementAndGet();
        throw new IllegalStateException("the store is down");
      }
      boolean saved = kept.save(claim, changed);
      changed.forEach(chain -> watermark = chain.extent().watermark());
      return saved;
    }
  }

  /** Something of the lane was kept, so that a chain which was not is new. */
  ConsumerGapStoreTest() {
    ChainState.Extent extent = new ChainState.Extent(1, 1, true);
    ChainState other =
        new ChainState(
            "kept", 1, extent, List.of(), List.of(), List.of(), List.of(), ChainState.Counts.NONE);
    assertTrue(store.kept.save(store.kept.claim(PLACE), List.of(other)));
    scene.builder.gapStore(store).onGap(gaps::add);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static void deliver(ScriptedSubscription member, long... numbers) {
    for (long number : numbers) {
      LaneNumber lane = LaneNumber.of(0, number);
      Stamp stamp = new Stamp("id-" + number, "shop", 1, null, lane, Stamp.NO_DIGEST);
      Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
      member.deliver(0, null, Long.toString(number), headers);
    }
  }

  @Test
  void whatIsCompletedIsSavedBeforeItIsAcknowledged() throws InterruptedException {
    List<String> acknowledgedUnsaved = new CopyOnWriteArrayList<>();
    ScriptedSubscription member = scene.start();
    member.ours(
        delivery -> {
          long number = Long.parseLong(delivery.position()) + 1;
          if (number > store.watermark) {
            acknowledgedUnsaved.add(delivery.position());
          }
          return true;
        });
    for (int number = 1; number <= 5; number++) {
      deliver(member, number);
      int done = number;
      Await.until("it is acknowledged", () -> member.accepted().size() == done);
    }
    assertEquals(List.of(), acknowledgedUnsaved);
    assertEquals(5, store.watermark);
  }

  @Test
  void whileTheStoreFailsNothingIsAcknowledgedAndAllIsAfterwards() throws InterruptedException {
    store.saves = () -> false;
    ScriptedSubscription member = scene.start();
    deliver(member, 1, 2);
    scene.awaitBegun("2");
    Await.until("it was tried again", () -> store.refusedSaves.get() >= 2);
    assertEquals(List.of(), member.accepted());
    store.saves = () -> true;
    Await.until("both are acknowledged", () -> member.accepted().size() == 2);
  }

  @Test
  void aLaneThatCannotBeClaimedIsNotWorkedOnUntilItCan() throws InterruptedException {
    store.claims = () -> store.refusedClaims.get() > 0;
    ScriptedSubscription member = scene.start();
    deliver(member, 1);
    ScriptedSubscription next = scene.broker.nextSubscription();
    assertEquals(List.of(), scene.begun);
    deliver(next, 1);
    awaitAccepted(next, "1");
  }

  @Test
  void aLossAroundARestartIsTold() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    deliver(member, 1, 2, 3);
    Await.until("all are acknowledged", () -> member.accepted().size() == 3);
    scene.consumer().close();
    ScriptedSubscription next = scene.start();
    deliver(next, 6);
    Await.until("the gap is told", () -> !gaps.isEmpty());
    assertEquals("4-5", gaps.get(0).from() + "-" + gaps.get(0).to());
  }

  @Test
  void aLaneLostAndWonBackGoesOnWhereItWas() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    deliver(member, 1, 2, 3);
    Await.until("all are acknowledged", () -> member.accepted().size() == 3);
    member.inPoll(() -> member.listener().lost(Set.of(0, 1))).join();
    member.inPoll(() -> member.listener().assigned(Set.of(0, 1))).join();
    deliver(member, 5);
    Await.until("the gap is told", () -> !gaps.isEmpty());
    assertEquals(4, gaps.get(0).from());
  }

  @Test
  void whoseClaimIsOverAcknowledgesNothingMore() throws InterruptedException {
    scene.hold("2");
    ScriptedSubscription member = scene.start();
    deliver(member, 1);
    awaitAccepted(member, "1");
    deliver(member, 2);
    scene.awaitBegun("2");
    GapStore.Claim newer = store.kept.claim(PLACE);
    assertTrue(newer.number() > 1);
    scene.release("2");
    ScriptedSubscription next = scene.broker.nextSubscription();
    assertEquals(List.of("1"), member.accepted());
    deliver(next, 2);
    awaitAccepted(next, "2");
  }
}
