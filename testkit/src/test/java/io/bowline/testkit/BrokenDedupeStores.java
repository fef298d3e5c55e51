// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryDedupeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Dedupe stores with one defect each. */
final class BrokenDedupeStores {
  private BrokenDedupeStores() {}

  /** A healthy one, of which a defect overrides a part. */
  static class Healthy implements DedupeStore {
    final InMemoryDedupeStore behind;

    Healthy(InMemoryDedupeStore behind) {
      this.behind = behind;
    }

    @Override
    public Duration lease() {
      return behind.lease();
    }

    @Override
    public Duration remembers() {
      return behind.remembers();
    }

    @Override
    public String memory() {
      return behind.memory();
    }

    @Override
    public Answer claim(DedupeKey message) {
      return behind.claim(message);
    }

    @Override
    public void extend(List<Claim> claims) {
      behind.extend(claims);
    }

    @Override
    public boolean done(Claim claim) {
      return behind.done(claim);
    }

    @Override
    public void release(Claim claim) {
      behind.release(claim);
    }
  }

  /** The kit on one memory, which outlives the process that opened it. */
  abstract static class SharedStore extends DedupeStoreConformance {
    private final InMemoryDedupeStore shared = new InMemoryDedupeStore();
    private final Function<InMemoryDedupeStore, DedupeStore> broken;

    SharedStore(Function<InMemoryDedupeStore, DedupeStore> broken) {
      this.broken = broken;
    }

    @Override
    protected DedupeStore open(Duration lease) {
      return broken.apply(shared.lease(lease));
    }
  }

  @CaughtBy("whatIsDoneIsDoneForAll")
  static final class ForgetsWithItsProcess extends DedupeStoreConformance {
    @Override
    protected DedupeStore open(Duration lease) {
      return new InMemoryDedupeStore().lease(lease);
    }
  }

  /** Looks whether a message is free, is slow, and takes it. */
  @CaughtBy("ofThreadsAndProcessesAtOnceOneGetsTheClaim")
  static final class LosesRaces extends SharedStore {
    LosesRaces() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Answer claim(DedupeKey message) {
                  Answer answer = super.claim(message);
                  if (answer instanceof Answer.Mine mine) {
                    behind.release(mine.claim());
                    LockSupport.parkNanos(2_000_000);
                    behind.forget(message);
                    return super.claim(message);
                  }
                  return answer;
                }
              });
    }
  }

  @CaughtBy({"aMessageIsClaimedByOneAtATime", "aClaimThatAnotherOneFollowedChangesNothing"})
  static final class TellsBusyAsDone extends SharedStore {
    TellsBusyAsDone() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Answer claim(DedupeKey message) {
                  Answer answer = super.claim(message);
                  return answer instanceof Answer.Busy ? new Answer.Done() : answer;
                }
              });
    }
  }

  @CaughtBy({"whatIsDoneIsDoneForAll", "idsMayBeLongAndOfAnyLetters"})
  static final class TellsDoneAsBusy extends SharedStore {
    TellsDoneAsBusy() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Answer claim(DedupeKey message) {
                  Answer answer = super.claim(message);
                  return answer instanceof Answer.Done ? new Answer.Busy(Duration.ZERO) : answer;
                }
              });
    }
  }

  /** As one that takes its own clock for the database's, which is ahead. */
  @CaughtBy("aClaimEndsWithItsLeaseAndNotBefore")
  static final class EndsLeasesTooSoon extends SharedStore {
    EndsLeasesTooSoon() {
      super(behind -> new Healthy(behind.lease(behind.lease().dividedBy(3))));
    }
  }

  @CaughtBy({"doneIsNotForgottenWithItsLease", "whatIsDoneIsNeitherReleasedNorExtended"})
  static final class ForgetsWhatIsDoneWithTheLease extends DedupeStoreConformance {
    private final InMemoryDedupeStore shared = new InMemoryDedupeStore();
    private final Map<DedupeKey, Long> over = new ConcurrentHashMap<>();

    @Override
    protected DedupeStore open(Duration lease) {
      return new Healthy(shared.lease(lease)) {
        @Override
        public Answer claim(DedupeKey message) {
          Long end = over.get(message);
          if (end != null && System.nanoTime() - end > 0) {
            behind.forget(message);
          }
          return super.claim(message);
        }

        @Override
        public boolean done(Claim claim) {
          over.put(claim.message(), System.nanoTime() + lease.toNanos());
          return super.done(claim);
        }
      };
    }
  }
}
