// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.testkit.BrokenDedupeStores.Healthy;
import io.bowline.testkit.BrokenDedupeStores.SharedStore;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryDedupeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** More dedupe stores with one defect each: of what follows a claim, and of names. */
final class CarelessDedupeStores {
  private CarelessDedupeStores() {}

  /** Takes whoever comes for whoever has the claim. */
  private static final class Trusting extends Healthy {
    private static final Map<DedupeKey, Claim> LAST = new ConcurrentHashMap<>();
    private final boolean done;
    private final boolean release;

    Trusting(InMemoryDedupeStore behind, boolean done, boolean release) {
      super(behind);
      this.done = done;
      this.release = release;
    }

    @Override
    public Answer claim(DedupeKey message) {
      Answer answer = super.claim(message);
      if (answer instanceof Answer.Mine mine) {
        LAST.put(message, mine.claim());
      }
      return answer;
    }

    @Override
    public boolean done(Claim claim) {
      return super.done(done ? LAST.getOrDefault(claim.message(), claim) : claim);
    }

    @Override
    public void release(Claim claim) {
      super.release(release ? LAST.getOrDefault(claim.message(), claim) : claim);
    }
  }

  @CaughtBy({
    "aClaimThatAnotherOneFollowedChangesNothing",
    "aClaimThatWasReleasedChangesNothingAnyMore"
  })
  static final class LetsAnybodySayDone extends SharedStore {
    LetsAnybodySayDone() {
      super(behind -> new Trusting(behind, true, false));
    }
  }

  @CaughtBy({
    "aClaimThatAnotherOneFollowedChangesNothing",
    "aClaimThatWasReleasedChangesNothingAnyMore"
  })
  static final class LetsAnybodyRelease extends SharedStore {
    LetsAnybodyRelease() {
      super(behind -> new Trusting(behind, false, true));
    }
  }

  @CaughtBy("whatIsDoneIsNeitherReleasedNorExtended")
  static final class ReleasesWhatIsDone extends SharedStore {
    ReleasesWhatIsDone() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public void release(Claim claim) {
                  behind.forget(claim.message());
                }
              });
    }
  }

  @CaughtBy({"whatIsReleasedCanBeClaimedAtOnce", "whatIsNotKnownIsReleasedAndExtendedInVain"})
  static final class NeverReleases extends SharedStore {
    NeverReleases() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public void release(Claim claim) {}
              });
    }
  }

  @CaughtBy({"aClaimThatIsExtendedLasts", "severalAreExtendedAtOnceAndNoOthers"})
  static final class NeverExtends extends SharedStore {
    NeverExtends() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public void extend(List<Claim> claims) {}
              });
    }
  }

  @CaughtBy("severalAreExtendedAtOnceAndNoOthers")
  static final class ExtendsTheFirstOnly extends SharedStore {
    ExtendsTheFirstOnly() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public void extend(List<Claim> claims) {
                  behind.extend(claims.subList(0, Math.min(1, claims.size())));
                }
              });
    }
  }

  @CaughtBy("doneOnceMoreAnswersTheSame")
  static final class ForgetsWhoSaidDone extends SharedStore {
    ForgetsWhoSaidDone() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public boolean done(Claim claim) {
                  return !(behind.claim(claim.message()) instanceof Answer.Done)
                      && super.done(claim);
                }
              });
    }
  }

  @CaughtBy("whatIsDoneThoughNothingIsKnownOfItIsDoneAndInDoubt")
  static final class WritesDoneOnlyWhereItKnows extends SharedStore {
    WritesDoneOnlyWhereItKnows() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public boolean done(Claim claim) {
                  boolean ours = super.done(claim);
                  if (!ours && behind.claim(claim.message()) instanceof Answer.Done) {
                    behind.forget(claim.message());
                  }
                  return ours;
                }
              });
    }
  }

  /** Takes a claim whose lease is over for nobody's. */
  @CaughtBy("aClaimThatIsOverIsGoodIfNobodyFollowed")
  static final class DropsClaimsThatAreOver extends SharedStore {
    DropsClaimsThatAreOver() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public boolean done(Claim claim) {
                  var unused = behind.claim(claim.message());
                  return super.done(claim);
                }
              });
    }
  }

  @CaughtBy("eachMessageOfEachGroupAndTopicIsClaimedForItself")
  static final class MixesGroups extends SharedStore {
    MixesGroups() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Answer claim(DedupeKey message) {
                  boolean other = message.group().equals("shipping");
                  return super.claim(
                      other
                          ? new DedupeKey(message.topic(), "billing", message.messageId())
                          : message);
                }
              });
    }
  }

  @CaughtBy("idsMayBeLongAndOfAnyLetters")
  static final class CutsIds extends SharedStore {
    CutsIds() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Answer claim(DedupeKey key) {
                  String id = key.messageId();
                  String cut = id.substring(0, Math.min(128, id.length()));
                  return super.claim(new DedupeKey(key.topic(), key.group(), cut));
                }
              });
    }
  }

  @CaughtBy("itSaysForHowLongAndWhere")
  static final class RemembersNothing extends SharedStore {
    RemembersNothing() {
      super(
          behind ->
              new Healthy(behind) {
                @Override
                public Duration remembers() {
                  return Duration.ZERO;
                }
              });
    }
  }
}
