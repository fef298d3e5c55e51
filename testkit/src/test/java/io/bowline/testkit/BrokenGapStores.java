// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Counts;
import io.bowline.gap.ChainState.Extent;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.testkit.BrokenKit.CaughtBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stores of gaps with one defect each. */
final class BrokenGapStores {
  private BrokenGapStores() {}

  /** A healthy one, of which a defect overrides a part. */
  private static class Healthy implements GapStore {
    final InMemoryGapStore behind = new InMemoryGapStore();

    @Override
    public Claim claim(GroupLane lane) {
      return behind.claim(lane);
    }

    @Override
    public boolean save(Claim claim, List<ChainState> changed) {
      return behind.save(claim, changed);
    }

    @Override
    public Map<Integer, List<ChainState>> read(String topic, String group) {
      return behind.read(topic, group);
    }
  }

  /** The kit on one store, which outlives the member that opened it. */
  private abstract static class SharedStore extends GapStoreConformance {
    private final GapStore shared;

    SharedStore(GapStore shared) {
      this.shared = shared;
    }

    @Override
    protected GapStore open() {
      return shared;
    }
  }

  @CaughtBy({"whatWasSavedLastComesWithTheNextClaim", "everyPartOfAStateIsKept"})
  static final class ForgetsWithItsMember extends GapStoreConformance {
    @Override
    protected GapStore open() {
      return new Healthy();
    }
  }

  @CaughtBy("nothingIsKnownOfALaneThatIsNew")
  static final class InventsAChain extends SharedStore {
    InventsAChain() {
      super(
          new Healthy() {
            @Override
            public Claim claim(GroupLane lane) {
              Claim claim = super.claim(lane);
              ChainState none =
                  new ChainState(
                      "none",
                      0,
                      new Extent(1, 1, true),
                      List.of(),
                      List.of(),
                      List.of(),
                      List.of(),
                      Counts.NONE);
              List<ChainState> chains = claim.chains().isEmpty() ? List.of(none) : claim.chains();
              return new Claim(lane, claim.number(), chains);
            }
          });
    }
  }

  @CaughtBy("everyPartOfAStateIsKept")
  static final class DropsWhatIsMissing extends SharedStore {
    DropsWhatIsMissing() {
      super(
          new Healthy() {
            @Override
            public boolean save(Claim claim, List<ChainState> changed) {
              return super.save(claim, changed.stream().map(this::bare).toList());
            }

            private ChainState bare(ChainState full) {
              return new ChainState(
                  full.source(),
                  full.epoch(),
                  full.extent(),
                  full.window(),
                  full.holes(),
                  full.explained(),
                  List.of(),
                  full.counts());
            }
          });
    }
  }

  @CaughtBy("manyChainsAreSavedAtOnce")
  static final class KeepsAHundredOfASave extends SharedStore {
    KeepsAHundredOfASave() {
      super(
          new Healthy() {
            @Override
            public boolean save(Claim claim, List<ChainState> changed) {
              return super.save(claim, changed.subList(0, Math.min(100, changed.size())));
            }
          });
    }
  }

  /** Whoever claimed once may save for ever. */
  @CaughtBy({
    "anEarlierClaimSavesNothing",
    "ofThoseWhoClaimAtOnceTheLastOneSaves",
    "aClaimSeesAWholeSaveAndNothingIsSavedBehindIt"
  })
  static final class IgnoresClaims extends SharedStore {
    IgnoresClaims() {
      super(
          new Healthy() {
            private final Map<GroupLane, Long> last = new ConcurrentHashMap<>();

            @Override
            public Claim claim(GroupLane lane) {
              Claim claim = super.claim(lane);
              last.put(lane, claim.number());
              return claim;
            }

            @Override
            public boolean save(Claim claim, List<ChainState> changed) {
              long number = last.getOrDefault(claim.lane(), 0L);
              return super.save(new Claim(claim.lane(), number, List.of()), changed);
            }
          });
    }
  }

  @CaughtBy({"eachClaimIsAboveTheLast", "ofThoseWhoClaimAtOnceTheLastOneSaves"})
  static final class ClaimsAreAllAlike extends SharedStore {
    ClaimsAreAllAlike() {
      super(
          new Healthy() {
            @Override
            public Claim claim(GroupLane lane) {
              return new Claim(lane, 1, super.claim(lane).chains());
            }

            @Override
            public boolean save(Claim claim, List<ChainState> changed) {
              return super.save(behind.claim(claim.lane()), changed);
            }
          });
    }
  }

  @CaughtBy("lanesGroupsAndTopicsAreKeptApart")
  static final class MixesGroups extends SharedStore {
    MixesGroups() {
      super(new Renaming(lane -> new GapStore.GroupLane(lane.topic(), "any", lane.lane())));
    }
  }

  /** As a database does that compares letters by their meaning. */
  @CaughtBy("lanesGroupsAndTopicsAreKeptApart")
  static final class IgnoresCase extends SharedStore {
    IgnoresCase() {
      super(
          new Renaming(
              lane ->
                  new GapStore.GroupLane(
                      lane.topic(), lane.group().toLowerCase(Locale.ROOT), lane.lane())));
    }
  }

  @CaughtBy("namesMayBeLongAndOfAnyLetters")
  static final class CutsNames extends SharedStore {
    CutsNames() {
      super(
          new Renaming(
              lane -> new GapStore.GroupLane(cut(lane.topic()), cut(lane.group()), lane.lane())));
    }

    private static String cut(String name) {
      return name.substring(0, Math.min(200, name.length()));
    }
  }

  private interface Rename {
    GapStore.GroupLane of(GapStore.GroupLane lane);
  }

  private static final class Renaming extends Healthy {
    private final Rename rename;

    Renaming(Rename rename) {
      this.rename = rename;
    }

    @Override
    public Claim claim(GroupLane lane) {
      Claim claim = super.claim(rename.of(lane));
      return new Claim(lane, claim.number(), claim.chains());
    }

    @Override
    public boolean save(Claim claim, List<ChainState> changed) {
      GroupLane lane = rename.of(claim.lane());
      return super.save(new Claim(lane, claim.number(), List.of()), changed);
    }

    @Override
    public Map<Integer, List<ChainState>> read(String topic, String group) {
      Map<Integer, List<ChainState>> lanes = new HashMap<>();
      for (int lane = 0; lane < 100; lane++) {
        GroupLane renamed = rename.of(new GroupLane(topic, group, lane));
        lanes.putAll(super.read(renamed.topic(), renamed.group()));
      }
      return lanes;
    }
  }

  @CaughtBy("sourcesAndEpochsAreKeptApart")
  static final class KnowsSourcesOnly extends SharedStore {
    KnowsSourcesOnly() {
      super(
          new Healthy() {
            @Override
            public Claim claim(GroupLane lane) {
              Claim claim = super.claim(lane);
              Map<String, ChainState> last = new HashMap<>();
              claim.chains().forEach(chain -> last.put(chain.source(), chain));
              return new Claim(lane, claim.number(), List.copyOf(last.values()));
            }
          });
    }
  }

  @CaughtBy("aReportReadsAllLanesAndClaimsNone")
  static final class ClaimsToRead extends SharedStore {
    ClaimsToRead() {
      super(
          new Healthy() {
            @Override
            public Map<Integer, List<ChainState>> read(String topic, String group) {
              Map<Integer, List<ChainState>> lanes = super.read(topic, group);
              lanes.keySet().forEach(lane -> super.claim(new GroupLane(topic, group, lane)));
              return lanes;
            }
          });
    }
  }

  /** Saves one chain after the other, with time between them. */
  @CaughtBy("aClaimSeesAWholeSaveAndNothingIsSavedBehindIt")
  static final class SavesInParts extends SharedStore {
    SavesInParts() {
      super(
          new Healthy() {
            @Override
            public boolean save(Claim claim, List<ChainState> changed) {
              boolean saved = super.save(claim, List.of());
              for (ChainState chain : new ArrayList<>(changed)) {
                saved = super.save(claim, List.of(chain));
                LockSupport.parkNanos(1_000_000);
              }
              return saved;
            }
          });
    }
  }
}
