// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Numbers of keys in memory, which outlive any producer; a test breaks it or holds it up. */
final class CountedKeys implements KeySequences {
  private final Map<SequenceKey, Long> last = new HashMap<>();
  final List<List<SequenceKey>> calls = new ArrayList<>();
  final List<Duration> bounds = new ArrayList<>();
  volatile @Nullable RuntimeException broken;
  volatile @Nullable CountDownLatch held;

  /** Down once somebody is held up. */
  final CountDownLatch asked = new CountDownLatch(1);

  @Override
  public List<Long> next(String source, List<SequenceKey> keys, Duration longest) {
    CountDownLatch gate = held;
    if (gate != null) {
      asked.countDown();
    }
    try {
      if (gate != null && !gate.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("held for ever");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return drawn(keys, longest);
  }

  private synchronized List<Long> drawn(List<SequenceKey> keys, Duration longest) {
    calls.add(keys);
    bounds.add(longest);
    RuntimeException failure = broken;
    if (failure != null) {
      throw failure;
    }
    List<Long> numbers = new ArrayList<>();
    keys.forEach(key -> numbers.add(last.merge(key, 1L, Long::sum)));
    return numbers;
  }

  /** As after a backup that was put back, or as after numbers that others drew. */
  synchronized void set(String topic, String key, long number) {
    last.put(new SequenceKey(topic, key), number);
  }
}
