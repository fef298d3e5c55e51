// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The letters that a replay holds: one of a key has its turn at a time, in the order of arrival;
 * those without key all at once. Pure; confined to the thread that replays.
 */
final class LetterLines {
  /** The most keys of which a letter was refused. */
  static final int MOST_BLOCKED = 10_000;

  private final Map<String, Deque<Letter>> keyed = new HashMap<>();
  private final List<Letter> unkeyed = new ArrayList<>();
  private final Set<String> blocked = new HashSet<>();
  private int letters;
  private long bytes;

  /** Takes a letter; true if it has its turn at once. */
  boolean add(Letter letter) {
    letters++;
    bytes += letter.delivery.body().length;
    String key = letter.delivery.key();
    if (key == null) {
      unkeyed.add(letter);
      return true;
    }
    Deque<Letter> line = keyed.computeIfAbsent(key, fresh -> new ArrayDeque<>());
    line.add(letter);
    return line.size() == 1;
  }

  /** The letter, which had its turn, is done with; the next of its key has it now, if any waits. */
  Optional<Letter> done(Letter letter) {
    letters--;
    bytes -= letter.delivery.body().length;
    String key = letter.delivery.key();
    if (key == null) {
      unkeyed.remove(letter);
      return Optional.empty();
    }
    Deque<Letter> line = keyed.getOrDefault(key, new ArrayDeque<>());
    line.remove(letter);
    if (line.isEmpty()) {
      keyed.remove(key);
    }
    return Optional.ofNullable(line.peek());
  }

  /** Lets no later letter of its key pass it; false if there are too many such keys already. */
  boolean block(Letter letter) {
    String key = letter.delivery.key();
    if (key == null || blocked.contains(key)) {
      return true;
    }
    return blocked.size() < MOST_BLOCKED && blocked.add(key);
  }

  /** Whether it must not pass an earlier one of its key. */
  boolean isBlocked(Letter letter) {
    String key = letter.delivery.key();
    return key != null && blocked.contains(key);
  }

  int size() {
    return letters;
  }

  long bytes() {
    return bytes;
  }

  /** How many have a send under way, of all that are held. */
  int underWay() {
    return (int) all().stream().filter(letter -> letter.begun).count();
  }

  /** All on these lanes. */
  List<Letter> of(Collection<Integer> lanes) {
    return all().stream().filter(letter -> lanes.contains(letter.delivery.lane())).toList();
  }

  private List<Letter> all() {
    List<Letter> all = new ArrayList<>(unkeyed);
    keyed.values().forEach(all::addAll);
    return all;
  }
}
