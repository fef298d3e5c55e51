// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryLockLeases;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** Stores of lock leases with one defect each. */
final class BrokenLockStores {
  private BrokenLockStores() {}

  /** A healthy store, of which a defect overrides a part. */
  static class Healthy implements LockLeases {
    final InMemoryLockLeases behind = new InMemoryLockLeases();

    @Override
    public Optional<LockLease> take(String name, String owner, Duration length) {
      return behind.take(name, owner, length);
    }

    @Override
    public boolean renew(LockLease lease, Duration length) {
      return behind.renew(lease, length);
    }

    @Override
    public void giveBack(LockLease lease) {
      behind.giveBack(lease);
    }
  }

  /** The kit on stores that outlive the processes which opened them. */
  abstract static class Shared extends KeyLockConformance {
    private final Map<String, LockLeases> stores = new ConcurrentHashMap<>();
    private final Supplier<LockLeases> make;

    Shared(Supplier<LockLeases> make) {
      this.make = make;
    }

    @Override
    protected Opened open(String realm, Duration lease) {
      return SeverableLeases.process(stores.computeIfAbsent(realm, first -> make.get()), lease);
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(6);
    }
  }

  @CaughtBy("oneProcessHoldsANameAndTheOthersDoNot")
  static final class GivesItToAll extends Shared {
    GivesItToAll() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<LockLease> take(String name, String owner, Duration length) {
                  return super.take(name, owner, length)
                      .or(() -> Optional.of(new LockLease(name, owner, Long.MAX_VALUE)));
                }
              });
    }
  }

  @CaughtBy("oneProcessHoldsANameAndTheOthersDoNot")
  static final class KeepsItInItsProcess extends KeyLockConformance {
    @Override
    protected Opened open(String realm, Duration lease) {
      return SeverableLeases.process(new InMemoryLockLeases(), lease);
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(6);
    }
  }

  @CaughtBy("neverDoTwoHoldItAtOnce")
  static final class LooksBeforeItTakes extends Shared {
    LooksBeforeItTakes() {
      super(
          () ->
              new Healthy() {
                private final Map<String, String> owners = new ConcurrentHashMap<>();

                @Override
                public Optional<LockLease> take(String name, String owner, Duration length) {
                  if (owners.containsKey(name)) {
                    return Optional.empty();
                  }
                  LockSupport.parkNanos(1_000_000);
                  owners.put(name, owner);
                  return Optional.of(new LockLease(name, owner, System.nanoTime()));
                }

                @Override
                public boolean renew(LockLease lease, Duration length) {
                  return owners.containsKey(lease.name());
                }

                @Override
                public void giveBack(LockLease lease) {
                  owners.remove(lease.name());
                }
              });
    }
  }

  @CaughtBy("tokensOnlyGrowFromOneHolderToTheNext")
  static final class RepeatsItsToken extends Shared {
    RepeatsItsToken() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<LockLease> take(String name, String owner, Duration length) {
                  return super.take(name, owner, length).map(each -> new LockLease(name, owner, 7));
                }
              });
    }
  }

  @CaughtBy("itIsHeldForLongerThanALeaseAsLongAsItsProcessLives")
  static final class OnlySaysThatItRenews extends Shared {
    OnlySaysThatItRenews() {
      super(
          () ->
              new Healthy() {
                @Override
                public boolean renew(LockLease lease, Duration length) {
                  return true;
                }
              });
    }
  }

  @CaughtBy("whoseProcessIsCutOffKnowsItBeforeAnotherHasTheLock")
  static final class KnowsNoEnd extends Shared {
    KnowsNoEnd() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<LockLease> take(String name, String owner, Duration length) {
                  return super.take(name, owner, Duration.ofDays(1));
                }
              });
    }
  }

  @CaughtBy("whoseProcessIsCutOffKnowsItBeforeAnotherHasTheLock")
  static final class EndsBeforeItSays extends Shared {
    EndsBeforeItSays() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<LockLease> take(String name, String owner, Duration length) {
                  return super.take(name, owner, length.dividedBy(4));
                }

                @Override
                public boolean renew(LockLease lease, Duration length) {
                  return super.renew(lease, length.dividedBy(4));
                }
              });
    }
  }

  /** A store that takes names for alike that are not. */
  private static final class Confuses extends Healthy {
    private final Function<String, String> confused;

    Confuses(Function<String, String> confused) {
      this.confused = confused;
    }

    private LockLease alike(LockLease lease) {
      return new LockLease(confused.apply(lease.name()), lease.owner(), lease.token());
    }

    @Override
    public Optional<LockLease> take(String name, String owner, Duration length) {
      return super.take(confused.apply(name), owner, length)
          .map(lease -> new LockLease(name, owner, lease.token()));
    }

    @Override
    public boolean renew(LockLease lease, Duration length) {
      return super.renew(alike(lease), length);
    }

    @Override
    public void giveBack(LockLease lease) {
      super.giveBack(alike(lease));
    }
  }

  @CaughtBy("namesAreToldApartWhateverTheyAre")
  static final class TakesCapitalsForSmallLetters extends Shared {
    TakesCapitalsForSmallLetters() {
      super(() -> new Confuses(name -> name.toLowerCase(Locale.ROOT)));
    }
  }

  @CaughtBy("namesAreToldApartWhateverTheyAre")
  static final class CutsLongNames extends Shared {
    CutsLongNames() {
      super(() -> new Confuses(name -> name.substring(0, Math.min(255, name.length()))));
    }
  }
}
