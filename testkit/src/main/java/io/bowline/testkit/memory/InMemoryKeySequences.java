// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the messages of keys in memory, for tests: what is shared by several producers of this JVM
 * outlives each of them, but no process. Thread-safe.
 */
public final class InMemoryKeySequences implements KeySequences {
  /** The most keys that are counted: 100,000. */
  public static final int MOST = 100_000;

  private final Map<Counted, Long> last = new HashMap<>();

  private record Counted(String source, SequenceKey key) {}

  /** Nothing is counted yet. */
  public InMemoryKeySequences() {}

  /**
   * Draws the next numbers.
   *
   * @throws IllegalStateException if more than {@link #MOST} keys would be counted
   */
  @Override
  public synchronized List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
    if (last.size() + keys.size() > MOST) {
      throw new IllegalStateException(
          "%,d keys are counted in memory, and no more can be: use a store".formatted(last.size()));
    }
    List<Long> numbers = new ArrayList<>();
    keys.forEach(key -> numbers.add(last.merge(new Counted(source, key), 1L, Long::sum)));
    return numbers;
  }

  /** The last number of a key; 0 if none was drawn. */
  public synchronized long last(String source, SequenceKey key) {
    return last.getOrDefault(new Counted(source, key), 0L);
  }
}
