// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts in memory, and fails while it is told to. Thread-safe. */
final class MemoryAttempts implements AttemptStore {
  final Map<String, Integer> counts = new ConcurrentHashMap<>();
  final AtomicInteger asked = new AtomicInteger();
  volatile boolean fails;
  volatile boolean forgets;

  private void check() {
    asked.incrementAndGet();
    if (fails) {
      throw new IllegalStateException("the store is away");
    }
  }

  @Override
  public List<Integer> begin(List<AttemptKey> messages) {
    check();
    List<Integer> begun =
        messages.stream().map(key -> counts.merge(key.messageId(), 1, Integer::sum)).toList();
    return forgets ? List.of() : begun;
  }

  @Override
  public void forgive(List<AttemptKey> messages) {
    check();
    messages.forEach(
        key -> counts.computeIfPresent(key.messageId(), (id, n) -> n > 1 ? n - 1 : null));
  }

  @Override
  public void clear(List<AttemptKey> messages) {
    check();
    messages.forEach(key -> counts.remove(key.messageId()));
  }
}
