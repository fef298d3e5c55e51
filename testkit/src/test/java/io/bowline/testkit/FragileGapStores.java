// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.servers.BrokerServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores of gaps that are wrong while their database is away. */
final class FragileGapStores {
  private FragileGapStores() {}

  /** A store that is its own database. */
  private static class Fragile implements GapStore, BrokerServer {
    InMemoryGapStore behind = new InMemoryGapStore();
    boolean away;

    private void ask() {
      if (away) {
        throw new IllegalStateException("nobody answers");
      }
    }

    @Override
    public synchronized Claim claim(GroupLane lane) {
      ask();
      return behind.claim(lane);
    }

    @Override
    public synchronized boolean save(Claim claim, List<ChainState> changed) {
      ask();
      return behind.save(claim, changed);
    }

    @Override
    public synchronized Map<Integer, List<ChainState>> read(String topic, String group) {
      ask();
      return behind.read(topic, group);
    }

    @Override
    public String address() {
      return "memory";
    }

    @Override
    public String origin() {
      return "this JVM";
    }

    @Override
    public boolean breakable() {
      return true;
    }

    @Override
    public synchronized void kill() {
      away = true;
    }

    @Override
    public synchronized void start() {
      away = false;
    }

    @Override
    public synchronized void pause() {
      away = true;
    }

    @Override
    public synchronized void resume() {
      away = false;
    }

    @Override
    public void close() {}
  }

  private abstract static class OnFragile extends GapStoreConformance {
    private final Fragile shared;

    OnFragile(Fragile shared) {
      this.shared = shared;
    }

    @Override
    protected GapStore open() {
      return shared;
    }

    @Override
    protected Optional<BrokerServer> server() {
      return Optional.of(shared);
    }
  }

  /** Nothing is wrong with it: that the kit is green on it, the test of the broken ones sees. */
  static final class Sound extends OnFragile {
    Sound() {
      super(new Fragile());
    }
  }

  @CaughtBy("whatWasSavedOutlivesAKilledDatabase")
  static final class ForgetsWhenKilled extends OnFragile {
    ForgetsWhenKilled() {
      super(
          new Fragile() {
            @Override
            public synchronized void kill() {
              super.kill();
              behind = new InMemoryGapStore();
            }
          });
    }
  }

  @CaughtBy({
    "aKilledDatabaseIsFoundAgainByTheSameStore",
    "aFrozenDatabaseFailsInTimeAndWhatItDoesLateSpoilsNothing"
  })
  static final class PretendsToSave extends OnFragile {
    PretendsToSave() {
      super(
          new Fragile() {
            @Override
            public synchronized boolean save(Claim claim, List<ChainState> changed) {
              return away || super.save(claim, changed);
            }
          });
    }
  }

  /** What it was told while it was frozen it does once it is asked again, after that. */
  @CaughtBy("aFrozenDatabaseFailsInTimeAndWhatItDoesLateSpoilsNothing")
  static final class DoesLateWhatFailed extends OnFragile {
    DoesLateWhatFailed() {
      super(
          new Fragile() {
            private final List<List<ChainState>> late = new ArrayList<>();

            @Override
            public synchronized boolean save(Claim claim, List<ChainState> changed) {
              if (away) {
                late.add(changed);
              }
              boolean saved = super.save(claim, changed);
              late.forEach(one -> super.save(claim, one));
              late.clear();
              return saved;
            }
          });
    }
  }
}
