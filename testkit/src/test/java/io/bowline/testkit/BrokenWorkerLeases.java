// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerLeases;
import io.bowline.id.WorkerRange;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryWorkerLeases;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Stores of worker leases with one defect each. */
final class BrokenWorkerLeases {
  private BrokenWorkerLeases() {}

  /** A healthy one, of which a defect overrides a part. */
  private static class Healthy implements WorkerLeases {
    final InMemoryWorkerLeases behind = new InMemoryWorkerLeases();

    @Override
    public Optional<WorkerLease> take(WorkerRange range, String owner, LeaseTerms terms) {
      return behind.take(range, owner, changed(terms));
    }

    @Override
    public boolean renew(WorkerLease lease, LeaseTerms terms) {
      return behind.renew(lease, changed(terms));
    }

    @Override
    public void giveBack(WorkerLease lease, LeaseTerms terms) {
      behind.giveBack(lease, changed(terms));
    }

    LeaseTerms changed(LeaseTerms terms) {
      return terms;
    }
  }

  /** The kit on stores that outlive the processes which opened them. */
  private abstract static class SharedStore extends WorkerLeasesConformance {
    private final Map<String, WorkerLeases> stores = new ConcurrentHashMap<>();
    private final Supplier<WorkerLeases> make;

    SharedStore(Supplier<WorkerLeases> make) {
      this.make = make;
    }

    @Override
    protected WorkerLeases open(String name) {
      return stores.computeIfAbsent(name, first -> make.get());
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  @CaughtBy("whatOneProcessHoldsIsHeldForAll")
  static final class ForgetsWithItsProcess extends WorkerLeasesConformance {
    @Override
    protected WorkerLeases open(String name) {
      return new Healthy();
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  @CaughtBy("namesAreApart")
  static final class MixesNames extends WorkerLeasesConformance {
    private final WorkerLeases one = new Healthy();

    @Override
    protected WorkerLeases open(String name) {
      return one;
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  @CaughtBy("eachHolderHasAnotherWorkerIdOfTheRange")
  static final class LeavesTheRange extends SharedStore {
    LeavesTheRange() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<WorkerLease> take(
                    WorkerRange range, String owner, LeaseTerms terms) {
                  return super.take(new WorkerRange(0, range.last()), owner, terms);
                }
              });
    }
  }

  @CaughtBy("aLeaseSaysWhoHoldsIt")
  static final class ChangesTheToken extends SharedStore {
    ChangesTheToken() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<WorkerLease> take(
                    WorkerRange range, String owner, LeaseTerms terms) {
                  return super.take(range, "me", terms);
                }
              });
    }
  }

  @CaughtBy({
    "whoFallsSilentIsFollowedAfterLeaseAndCoolDown",
    "whatIsGivenBackIsFreeAfterItsCoolDown"
  })
  static final class KnowsNoCoolDown extends SharedStore {
    KnowsNoCoolDown() {
      super(
          () ->
              new Healthy() {
                @Override
                LeaseTerms changed(LeaseTerms terms) {
                  return new LeaseTerms(terms.length(), Duration.ZERO, terms.from(), terms.upTo());
                }
              });
    }
  }

  @CaughtBy({"whatIsRenewedIsKept", "aRenewalCountsFromItself"})
  static final class OnlySaysThatItRenews extends SharedStore {
    OnlySaysThatItRenews() {
      super(
          () ->
              new Healthy() {
                @Override
                public boolean renew(WorkerLease lease, LeaseTerms terms) {
                  LeaseTerms ended =
                      new LeaseTerms(Duration.ZERO, Duration.ZERO, terms.from(), terms.upTo());
                  return super.renew(lease, ended);
                }
              });
    }
  }

  @CaughtBy("whoGaveItBackCannotRenewIt")
  static final class KeepsTheOwnerOfWhatWasGivenBack extends SharedStore {
    KeepsTheOwnerOfWhatWasGivenBack() {
      super(
          () ->
              new Healthy() {
                @Override
                public void giveBack(WorkerLease lease, LeaseTerms terms) {
                  boolean unused =
                      behind.renew(
                          lease,
                          new LeaseTerms(
                              Duration.ZERO, terms.coolDown(), terms.from(), terms.upTo()));
                }
              });
    }
  }

  @CaughtBy("whoLostItCanNeitherRenewItNorGiveItBack")
  static final class AsksForNoToken extends SharedStore {
    AsksForNoToken() {
      super(
          () ->
              new Healthy() {
                @Override
                public Optional<WorkerLease> take(
                    WorkerRange range, String owner, LeaseTerms terms) {
                  return super.take(range, "any", terms)
                      .map(lease -> new WorkerLease(lease.worker(), owner));
                }

                @Override
                public boolean renew(WorkerLease lease, LeaseTerms terms) {
                  return super.renew(new WorkerLease(lease.worker(), "any"), terms);
                }

                @Override
                public void giveBack(WorkerLease lease, LeaseTerms terms) {
                  super.giveBack(new WorkerLease(lease.worker(), "any"), terms);
                }
              });
    }
  }

  @CaughtBy({
    "aTimeThatMayHaveBeenUsedIsNotUsedAgain",
    "afterAGivingBackOnlyWhatWasUsedCounts",
    "renewalsRaiseWhatMayHaveBeenUsedAndNeverLowerIt",
    "oneThatWasUsedLaterIsPassedOverForAnother"
  })
  static final class ForgetsWhatWasUsed extends SharedStore {
    ForgetsWhatWasUsed() {
      super(
          () ->
              new Healthy() {
                @Override
                LeaseTerms changed(LeaseTerms terms) {
                  return new LeaseTerms(terms.length(), terms.coolDown(), terms.from(), 0);
                }
              });
    }
  }

  /** Looks which one is next, is slow, and lends it whoever has it by now. */
  @CaughtBy("manyAtOnceGetDifferentWorkerIds")
  static final class LosesRaces extends SharedStore {
    LosesRaces() {
      super(
          () ->
              new Healthy() {
                private volatile int next;

                @Override
                public Optional<WorkerLease> take(
                    WorkerRange range, String owner, LeaseTerms terms) {
                  if (range.last() - range.first() < 10) {
                    return super.take(range, owner, terms);
                  }
                  int offset = next;
                  LockSupport.parkNanos(100_000);
                  next = offset + 1;
                  return Optional.of(new WorkerLease(range.first() + offset, owner));
                }
              });
    }
  }
}
