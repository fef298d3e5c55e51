// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.OutboxStore;
import io.bowline.outbox.Parked;
import io.bowline.outbox.Pending;
import io.bowline.outbox.Standing;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryOutboxStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Outboxes with one defect each. */
final class BrokenOutboxes {
  private BrokenOutboxes() {}

  /** A healthy one, of which a defect overrides a part. */
  static class Healthy implements OutboxStore {
    final OutboxStore behind;

    Healthy(OutboxStore behind) {
      this.behind = behind;
    }

    @Override
    public String name() {
      return behind.name();
    }

    @Override
    public int lanes() {
      return behind.lanes();
    }

    @Override
    public Standing beat(String relay, Duration lease) {
      return behind.beat(relay, lease);
    }

    @Override
    public List<LaneLease> take(String relay, int most, Duration lease) {
      return behind.take(relay, most, lease);
    }

    @Override
    public void giveBack(List<LaneLease> leases) {
      behind.giveBack(leases);
    }

    @Override
    public void leave(String relay) {
      behind.leave(relay);
    }

    @Override
    public List<Integer> ready(String relay) {
      return behind.ready(relay);
    }

    @Override
    public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
      return behind.read(lease, most, bytes);
    }

    @Override
    public boolean finish(LaneLease lease, List<Long> ids) {
      return behind.finish(lease, ids);
    }

    @Override
    public boolean park(LaneLease lease, OutboxRow row, String reason) {
      return behind.park(lease, row, reason);
    }

    @Override
    public List<Parked> parked(int most) {
      return behind.parked(most);
    }

    @Override
    public boolean unpark(String token) {
      return behind.unpark(token);
    }

    @Override
    public Pending pending() {
      return behind.pending();
    }

    @Override
    public boolean numbered() {
      return behind.numbered();
    }

    @Override
    public Listening listen(Runnable woken) {
      return behind.listen(woken);
    }
  }

  /** The kit on one memory, which outlives the process that opened it. */
  abstract static class Shared extends OutboxStoreConformance {
    private final Map<String, InMemoryOutboxStore> stores = new HashMap<>();
    private final Function<InMemoryOutboxStore, OutboxStore> broken;

    Shared(Function<InMemoryOutboxStore, OutboxStore> broken) {
      this.broken = broken;
    }

    private synchronized InMemoryOutboxStore behind(String name) {
      return stores.computeIfAbsent(name, InMemoryOutboxStore::new);
    }

    @Override
    protected OutboxStore open(String name) {
      return broken.apply(behind(name));
    }

    @Override
    protected void append(String name, List<Message> messages) {
      behind(name).append(messages);
    }
  }

  /** Takes away what any relay names, without a look at the epoch: what a zombie does is done. */
  @CaughtBy({
    "aFinishUnderAnEarlierEpochChangesNothing",
    "aFinishOfWhoGaveTheLaneBackChangesNothing"
  })
  static final class TrustsZombies extends Shared {
    TrustsZombies() {
      super(
          memory ->
              new Healthy(memory) {
                @Override
                public boolean finish(LaneLease lease, List<Long> ids) {
                  memory.lose(ids);
                  return true;
                }
              });
    }
  }

  /** Remembers how far it read, as a poller with a cursor does. */
  @CaughtBy({"aKeyLiesInOneLaneInTheOrderOfAppending"})
  static final class ReadsWithACursor extends Shared {
    ReadsWithACursor() {
      super(
          behind ->
              new Healthy(behind) {
                private final Map<Integer, Long> last = new HashMap<>();

                @Override
                public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
                  long from = last.getOrDefault(lease.lane(), 0L);
                  List<OutboxRow> rows =
                      super.read(lease, most, bytes).stream()
                          .filter(row -> row.id() > from)
                          .toList();
                  rows.forEach(row -> last.put(lease.lane(), row.id()));
                  return rows;
                }
              });
    }
  }

  /** Lends a lane to whoever asks. */
  @CaughtBy({"eachLaneIsLentToOneRelayAtATime", "ofRelaysThatTakeAtOnceOneHasEachLane"})
  static final class LendsTwice extends Shared {
    LendsTwice() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public List<LaneLease> take(String relay, int most, Duration lease) {
                  return IntStream.range(0, Math.min(most, lanes()))
                      .mapToObj(lane -> new LaneLease(lane, relay, 1))
                      .toList();
                }
              });
    }
  }

  /** Parks the message and lets the rest of its key pass. */
  @CaughtBy({"aParkedKeyIsPutAsideWithAllOfItAndNoOther", "whatIsUnparkedComesAgainInItsOldOrder"})
  static final class ParksOneOfAKey extends Shared {
    ParksOneOfAKey() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public boolean park(LaneLease lease, OutboxRow row, String reason) {
                  return super.finish(lease, List.of(row.id()));
                }
              });
    }
  }

  /** Forgets what a relay has with its beat. */
  @CaughtBy({"aBeatRenewsWhatARelayHas"})
  static final class DoesNotRenew extends Shared {
    DoesNotRenew() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Standing beat(String relay, Duration lease) {
                  return super.beat(relay, Duration.ofMillis(1));
                }
              });
    }
  }

  /** Reads as much as there is. */
  @CaughtBy({"aReadIsBoundedByRowsAndBytesAndGivesOneAtLeast"})
  static final class ReadsAll extends Shared {
    ReadsAll() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
                  return super.read(lease, Integer.MAX_VALUE, Long.MAX_VALUE);
                }
              });
    }
  }

  /** Knows no age of what no relay has seen yet. */
  @CaughtBy({"whatWaitsIsCountedWithItsAge"})
  static final class KnowsNoAgeWithoutRelay extends Shared {
    KnowsNoAgeWithoutRelay() {
      super(
          behind ->
              new Healthy(behind) {
                private boolean relayed;

                @Override
                public List<LaneLease> take(String relay, int most, Duration lease) {
                  relayed = true;
                  return super.take(relay, most, lease);
                }

                @Override
                public Pending pending() {
                  Pending all = super.pending();
                  return relayed ? all : new Pending(all.rows(), Duration.ZERO, all.parked());
                }
              });
    }
  }
}
