// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a chain misses, ascending: suspected, and told. Pure. */
final class MissingRanges {
  /** The most ranges that are remembered of one chain; of more, the lowest are forgotten. */
  static final int MAX = 256;

  private final List<Missing> ranges = new ArrayList<>(0);

  /** Whether one is not promised, so that a promise has to be looked up here. */
  private boolean someNotPromised;

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Adds a range above all others. */
  void add(Missing range) {
    ranges.add(range);
    someNotPromised |= !range.promised();
  }

  /** All numbers up to this one were stored ahead of what arrived now. */
  void promise(long upTo, long now) {
    if (!someNotPromised) {
      return;
    }
    someNotPromised = false;
    for (int i = 0; i < ranges.size(); i++) {
      Missing range = ranges.get(i);
      if (range.promised()) {
        continue;
      }
      if (range.to() <= upTo) {
        ranges.set(i, range.promisedAt(now));
        continue;
      }
      someNotPromised = true;
      if (range.from() <= upTo) {
        ranges.set(i, range.part(upTo + 1, range.to()));
        ranges.add(i, range.part(range.from(), upTo).promisedAt(now));
      }
      return; // those above are higher still
    }
  }

  /** Takes these numbers out, as far as they are in here; whether any was. */
  boolean take(long from, long to, Consumer<Missing> taken) {
    boolean any = false;
    for (int i = ranges.size() - 1; i >= 0 && ranges.get(i).to() >= from; i--) {
      Missing range = ranges.get(i);
      if (range.from() > to) {
        continue;
      }
      any = true;
      ranges.remove(i);
      if (to < range.to()) {
        ranges.add(i, range.part(to + 1, range.to()));
      }
      if (range.from() < from) {
        ranges.add(i, range.part(range.from(), from - 1));
      }
      taken.accept(range.part(Math.max(from, range.from()), Math.min(to, range.to())));
    }
    return any;
  }

  /** Names a key that misses numbers somewhere between these two, both excluded. */
  void name(long after, long before, KeyNumbers key, Consumer<Missing> namedAndTold) {
    for (int i = 0; i < ranges.size(); i++) {
      Missing range = ranges.get(i);
      if (range.to() > after && range.from() < before) {
        Missing named = range.named(key);
        ranges.set(i, named);
        if (named.told() && named.keys().size() > range.keys().size()) {
          namedAndTold.accept(named);
        }
      }
    }
  }

  /** Tells what was promised by then, or is too much to remember and promised at all. */
  void due(long promisedBy, Consumer<Missing> tell) {
    int crowded = ranges.size() - MAX;
    for (int i = 0; i < ranges.size(); i++) {
      Missing range = ranges.get(i);
      if (!range.told() && range.promised() && (range.promisedAt() <= promisedBy || i < crowded)) {
        Missing told = range.asTold();
        ranges.set(i, told);
        tell.accept(told);
      }
    }
  }

  /** Forgets what is too much; the last number forgotten, or 0. */
  long forgetCrowded() {
    int crowded = ranges.size() - MAX;
    if (crowded <= 0) {
      return 0;
    }
    long last = ranges.get(crowded - 1).to();
    ranges.subList(0, crowded).clear();
    return last;
  }

  /** Whether something is missing that was not told. */
  boolean suspects() {
    for (int i = 0; i < ranges.size(); i++) {
      if (!ranges.get(i).told()) {
        return true;
      }
    }
    return false;
  }

  List<Missing> all() {
    return List.copyOf(ranges);
  }
}
