// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import io.bowline.message.Received;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What handlers did, in the order of first effects, and what must never be seen. Thread-safe. */
final class Ledger {
  private final Map<String, List<Integer>> firstEffects = new LinkedHashMap<>();
  private final Set<String> atWork = new HashSet<>();
  private final List<String> overlaps = new ArrayList<>();

  /** A handler begins; its texts are numbers that rise with each key. */
  synchronized void begin(Received message) {
    String key = message.key().orElse("");
    if (!atWork.add(key)) {
      overlaps.add(key);
    }
  }

  synchronized void end(Received message) {
    atWork.remove(message.key().orElse(""));
  }

  synchronized void effect(Received message) {
    List<Integer> effects =
        firstEffects.computeIfAbsent(message.key().orElse(""), key -> new ArrayList<>());
    int number = Integer.parseInt(message.text());
    if (!effects.contains(number)) {
      effects.add(number);
    }
  }

  synchronized Set<Integer> all() {
    Set<Integer> all = new HashSet<>();
    firstEffects.values().forEach(all::addAll);
    return all;
  }

  /** Keys whose first effects were not in order. */
  synchronized List<String> inversions() {
    List<String> inverted = new ArrayList<>();
    firstEffects.forEach(
        (key, effects) -> {
          if (!effects.stream().sorted().toList().equals(effects)) {
            inverted.add(key + effects);
          }
        });
    return inverted;
  }

  /** Keys of which two handlers were at work at once. */
  synchronized List<String> overlaps() {
    return List.copyOf(overlaps);
  }

  /** Returns once this holds. */
  static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Waited in vain until " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
