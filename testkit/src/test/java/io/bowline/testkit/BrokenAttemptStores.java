// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryAttemptStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stores of attempts with one defect each. */
final class BrokenAttemptStores {
  private BrokenAttemptStores() {}

  /** A healthy one, of which a defect overrides a part. */
  private static class Healthy implements AttemptStore {
    final InMemoryAttemptStore behind = new InMemoryAttemptStore();

    @Override
    public List<Integer> begin(List<AttemptKey> messages) {
      return behind.begin(messages);
    }

    @Override
    public void forgive(List<AttemptKey> messages) {
      behind.forgive(messages);
    }

    @Override
    public void clear(List<AttemptKey> messages) {
      behind.clear(messages);
    }
  }

  /** The kit on one store, which outlives the process that opened it. */
  private abstract static class SharedStore extends AttemptStoreConformance {
    private final AttemptStore shared;

    SharedStore(AttemptStore shared) {
      this.shared = shared;
    }

    @Override
    protected AttemptStore open() {
      return shared;
    }
  }

  @CaughtBy({
    "attemptsAreCountedFromOne",
    "eachMessageOfEachGroupAndTopicIsCountedForItself",
    "idsMayBeLongAndOfAnyLetters"
  })
  static final class CountsWhatEndedBefore extends SharedStore {
    CountsWhatEndedBefore() {
      super(
          new Healthy() {
            @Override
            public List<Integer> begin(List<AttemptKey> messages) {
              return super.begin(messages).stream().map(count -> count - 1).toList();
            }
          });
    }
  }

  @CaughtBy("eachMessageOfEachGroupAndTopicIsCountedForItself")
  static final class MixesGroups extends SharedStore {
    MixesGroups() {
      super(
          new Healthy() {
            @Override
            public List<Integer> begin(List<AttemptKey> messages) {
              return super.begin(
                  messages.stream()
                      .map(key -> new AttemptKey(key.topic(), "any", key.messageId()))
                      .toList());
            }
          });
    }
  }

  @CaughtBy("whatOneProcessCountedTheNextGoesOnWith")
  static final class ForgetsWithItsProcess extends AttemptStoreConformance {
    @Override
    protected AttemptStore open() {
      return new Healthy();
    }
  }

  @CaughtBy("aBatchIsCountedInTheOrderOfItsMessages")
  static final class AnswersInAnotherOrder extends SharedStore {
    AnswersInAnotherOrder() {
      super(
          new Healthy() {
            @Override
            public List<Integer> begin(List<AttemptKey> messages) {
              return super.begin(messages).stream().sorted().toList();
            }
          });
    }
  }

  @CaughtBy({"whatIsForgivenCountsNoMore", "aBatchIsCountedInTheOrderOfItsMessages"})
  static final class NeverForgives extends SharedStore {
    NeverForgives() {
      super(
          new Healthy() {
            @Override
            public void forgive(List<AttemptKey> messages) {}
          });
    }
  }

  @CaughtBy({"whatIsClearedBeginsAnew", "aBatchIsCountedInTheOrderOfItsMessages"})
  static final class NeverClears extends SharedStore {
    NeverClears() {
      super(
          new Healthy() {
            @Override
            public void clear(List<AttemptKey> messages) {}
          });
    }
  }

  /** Counts below none, where nothing was counted. */
  @CaughtBy("thereAreNeverFewerThanNone")
  static final class FallsBelowNone extends SharedStore {
    FallsBelowNone() {
      super(new Racing(0, -1_000));
    }
  }

  @CaughtBy("noCountIsLostBetweenThreadsAndProcesses")
  static final class LosesRaces extends SharedStore {
    LosesRaces() {
      super(new Racing(100_000, 0));
    }
  }

  @CaughtBy("idsMayBeLongAndOfAnyLetters")
  static final class CutsIds extends SharedStore {
    CutsIds() {
      super(
          new Healthy() {
            @Override
            public List<Integer> begin(List<AttemptKey> messages) {
              return super.begin(
                  messages.stream()
                      .map(key -> new AttemptKey(key.topic(), key.group(), cut(key.messageId())))
                      .toList());
            }

            private String cut(String id) {
              return id.substring(0, Math.min(128, id.length()));
            }
          });
    }
  }

  /** Reads a count, is slow, and writes it back; it may fall as far as the least. */
  private static final class Racing implements AttemptStore {
    private final Map<AttemptKey, Integer> counts = new ConcurrentHashMap<>();
    private final long nanos;
    private final int least;

    Racing(long nanos, int least) {
      this.nanos = nanos;
      this.least = least;
    }

    @Override
    public List<Integer> begin(List<AttemptKey> messages) {
      List<Integer> now = new ArrayList<>();
      for (AttemptKey key : messages) {
        int count = counts.getOrDefault(key, 0) + 1;
        LockSupport.parkNanos(nanos);
        counts.put(key, count);
        now.add(count);
      }
      return now;
    }

    @Override
    public void forgive(List<AttemptKey> messages) {
      messages.forEach(key -> counts.put(key, Math.max(least, counts.getOrDefault(key, 0) - 1)));
    }

    @Override
    public void clear(List<AttemptKey> messages) {
      messages.forEach(counts::remove);
    }
  }
}
