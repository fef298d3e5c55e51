// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.lock.HeldLock;
import io.bowline.lock.KeyLock;
import io.bowline.testkit.BrokenKit.CaughtBy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Locks with one defect each, whatever store they are kept in. */
final class BrokenLocks {
  private BrokenLocks() {}

  /** The kit on locks whose healthy store is behind a broken front. */
  private abstract static class Fronted extends BrokenLockStores.Shared {
    Fronted() {
      super(BrokenLockStores.Healthy::new);
    }

    abstract KeyLock broken(KeyLock healthy);

    @Override
    protected Opened open(String realm, Duration lease) {
      Opened healthy = super.open(realm, lease);
      return new Opened(broken(healthy.locks()), healthy.sever());
    }
  }

  /** A front, of which a defect overrides a part. */
  private static class Front implements KeyLock {
    final KeyLock behind;
    final UnaryOperator<HeldLock> held;

    Front(KeyLock behind, UnaryOperator<HeldLock> held) {
      this.behind = behind;
      this.held = held;
    }

    @Override
    public Optional<HeldLock> take(String name, Duration longest) throws InterruptedException {
      return behind.take(name, longest).map(held);
    }

    @Override
    public void close() {
      behind.close();
    }
  }

  /** A lock that is held, of which a defect overrides a part. */
  private static class Holding implements HeldLock {
    final HeldLock behind;

    Holding(HeldLock behind) {
      this.behind = behind;
    }

    @Override
    public String name() {
      return behind.name();
    }

    @Override
    public long token() {
      return behind.token();
    }

    @Override
    public boolean isHeld() {
      return behind.isHeld();
    }

    @Override
    public void onLost(Runnable listener) {
      behind.onLost(listener);
    }

    @Override
    public void close() {
      behind.close();
    }
  }

  @CaughtBy("whoseProcessIsCutOffKnowsItBeforeAnotherHasTheLock")
  static final class TellsNoLoss extends Fronted {
    @Override
    KeyLock broken(KeyLock healthy) {
      return new Front(
          healthy,
          held ->
              new Holding(held) {
                @Override
                public void onLost(Runnable listener) {}
              });
    }
  }

  @CaughtBy("closingALockTwiceFreesNobodyElses")
  static final class FreesWhoeverHoldsIt extends KeyLockConformance {
    private final Map<String, Boolean> names = new ConcurrentHashMap<>();

    private final class Carefree implements HeldLock {
      private final String name;

      Carefree(String name) {
        this.name = name;
      }

      @Override
      public String name() {
        return name;
      }

      @Override
      public long token() {
        return System.nanoTime();
      }

      @Override
      public boolean isHeld() {
        return names.containsKey(name);
      }

      @Override
      public void onLost(Runnable listener) {}

      @Override
      public void close() {
        names.remove(name);
      }
    }

    @Override
    protected Opened open(String realm, Duration lease) {
      KeyLock locks =
          new KeyLock() {
            @Override
            public Optional<HeldLock> take(String name, Duration longest) {
              return names.putIfAbsent(name, true) == null
                  ? Optional.of(new Carefree(name))
                  : Optional.empty();
            }

            @Override
            public void close() {}
          };
      return new Opened(locks, names::clear);
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(6);
    }
  }

  @CaughtBy("closingTheLocksGivesAllBackAndIsNoLoss")
  static final class KeepsAllWhenItIsClosed extends Fronted {
    @Override
    KeyLock broken(KeyLock healthy) {
      return new Front(healthy, held -> held) {
        @Override
        public void close() {}
      };
    }
  }

  @CaughtBy("whoIsInterruptedWhileItWaitsHoldsNothing")
  static final class HearsNoInterrupt extends Fronted {
    @Override
    KeyLock broken(KeyLock healthy) {
      return new Front(healthy, held -> held) {
        @Override
        public Optional<HeldLock> take(String name, Duration longest) throws InterruptedException {
          boolean unused = Thread.interrupted();
          return super.take(name, longest);
        }
      };
    }
  }
}
