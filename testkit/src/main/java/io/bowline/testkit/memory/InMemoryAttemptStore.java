// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts attempts in memory, for tests: what is shared by several consumers of this JVM outlives
 * each of them, but no process. Thread-safe.
 */
public final class InMemoryAttemptStore implements AttemptStore {
  /** The most messages with counted attempts: 100,000. */
  public static final int MOST = 100_000;

  private final Map<AttemptKey, Integer> counts = new HashMap<>();

  /** A store in which nothing is counted. */
  public InMemoryAttemptStore() {}

  /**
   * An attempt at each of these begins.
   *
   * @throws IllegalStateException if attempts at more than {@link #MOST} messages would be counted
   */
  @Override
  public synchronized List<Integer> begin(List<AttemptKey> messages) {
    if (counts.size() + messages.size() > MOST) {
      throw new IllegalStateException(
          "Attempts at %,d messages are counted in memory, and no more can be: clear them"
              .formatted(counts.size()));
    }
    List<Integer> now = new ArrayList<>();
    messages.forEach(message -> now.add(counts.merge(message, 1, Integer::sum)));
    return now;
  }

  @Override
  public synchronized void forgive(List<AttemptKey> messages) {
    messages.forEach(
        message -> counts.computeIfPresent(message, (key, count) -> count > 1 ? count - 1 : null));
  }

  @Override
  public synchronized void clear(List<AttemptKey> messages) {
    messages.forEach(counts::remove);
  }

  /** How many attempts at a message are counted. */
  public synchronized int attempts(AttemptKey message) {
    return counts.getOrDefault(message, 0);
  }
}
