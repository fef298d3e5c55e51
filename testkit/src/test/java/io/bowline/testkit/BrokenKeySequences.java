// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryKeySequences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Stores of key sequences with one defect each. */
final class BrokenKeySequences {
  private static final String TRADE = "trade";

  private BrokenKeySequences() {}

  /** A healthy one, which outlives the process that opened it; a defect overrides a part. */
  private abstract static class SharedStore extends KeySequencesConformance
      implements KeySequences {
    final InMemoryKeySequences behind = new InMemoryKeySequences();

    @Override
    protected KeySequences open() {
      return this;
    }

    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      return behind.next(source, keys.stream().map(this::seen).toList(), longest);
    }

    SequenceKey seen(SequenceKey key) {
      return key;
    }
  }

  @CaughtBy("theNextProcessGoesOnWhereTheLastOneWas")
  static final class ForgetsWithItsProcess extends KeySequencesConformance {
    @Override
    protected KeySequences open() {
      return new InMemoryKeySequences();
    }
  }

  @CaughtBy("theNumbersOfAKeyAreOneTwoThree")
  static final class BeginsWithZero extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      return super.next(source, keys, longest).stream().map(number -> number - 1).toList();
    }
  }

  @CaughtBy("eachKeyOfEachTopicAndSourceIsCountedForItself")
  static final class TakesLettersForAlike extends SharedStore {
    @Override
    SequenceKey seen(SequenceKey key) {
      return new SequenceKey(key.topic(), key.key().toLowerCase(Locale.ROOT).strip());
    }
  }

  @CaughtBy("eachKeyOfEachTopicAndSourceIsCountedForItself")
  static final class WritesNamesInARow extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      List<SequenceKey> inARow = new ArrayList<>();
      keys.forEach(key -> inARow.add(new SequenceKey(source + key.topic() + key.key(), "")));
      return behind.next(TRADE, inARow, longest);
    }
  }

  @CaughtBy("aBatchMayHaveSeveralTopics")
  static final class TakesTheTopicOfTheFirst extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      List<SequenceKey> ofOne = new ArrayList<>();
      keys.forEach(key -> ofOne.add(new SequenceKey(keys.get(0).topic(), key.key())));
      return behind.next(source, ofOne, longest);
    }
  }

  /** Sorts, as it should, and forgets to sort back. */
  @CaughtBy("aBatchHasItsNumbersInTheOrderOfItsKeys")
  static final class AnswersInTheOrderOfKeys extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      List<SequenceKey> sorted = new ArrayList<>(keys);
      sorted.sort((one, other) -> one.key().compareTo(other.key()));
      return behind.next(source, sorted, longest);
    }
  }

  @CaughtBy("aKeyThatStandsInABatchTwiceHasTwoNumbersInOrder")
  static final class CountsAKeyOnceInABatch extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      Map<SequenceKey, Long> numbers = new HashMap<>();
      List<Long> all = new ArrayList<>();
      for (SequenceKey key : keys) {
        all.add(
            numbers.computeIfAbsent(
                key, first -> behind.next(source, List.of(first), longest).get(0)));
      }
      return all;
    }
  }

  @CaughtBy("anEmptyBatchHasNoNumbers")
  static final class WantsAKey extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("where values (");
      }
      return super.next(source, keys, longest);
    }
  }

  @CaughtBy("theLargestBatchCanBeDrawn")
  static final class TakesNoMoreThanHundred extends SharedStore {
    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      if (keys.size() > 100) {
        throw new IllegalArgumentException("too many parameters");
      }
      return super.next(source, keys, longest);
    }
  }

  @CaughtBy("keysMayBeLongAndOfAnyLetters")
  static final class CutsLongNames extends SharedStore {
    @Override
    SequenceKey seen(SequenceKey key) {
      String name = key.key();
      return new SequenceKey(key.topic(), name.substring(0, Math.min(255, name.length())));
    }
  }

  @CaughtBy("noNumberIsDrawnTwiceOrLeftOutByThreadsAndProcesses")
  static final class LosesRacesOfKeys extends SharedStore {
    private final Map<SequenceKey, Long> last = new ConcurrentHashMap<>();

    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      List<Long> numbers = new ArrayList<>();
      for (SequenceKey key : keys) {
        long next = last.getOrDefault(key, 0L) + 1;
        LockSupport.parkNanos(100_000);
        last.put(key, next);
        numbers.add(next);
      }
      return numbers;
    }
  }

  /** Locks the rows in the order of the batch, and is told of the deadlock. */
  @CaughtBy("batchesWithKeysInCommonHoldNobodyUp")
  static final class LocksInTheOrderOfTheBatch extends SharedStore {
    private final Map<SequenceKey, ReentrantLock> rows = new ConcurrentHashMap<>();

    @Override
    public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
      List<ReentrantLock> held = new ArrayList<>();
      try {
        for (SequenceKey key : keys) {
          ReentrantLock row = rows.computeIfAbsent(key, fresh -> new ReentrantLock());
          if (!row.tryLock(50, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("deadlock");
          }
          held.add(row);
          LockSupport.parkNanos(100_000);
        }
        return super.next(source, keys, longest);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        held.forEach(ReentrantLock::unlock);
      }
    }
  }
}
