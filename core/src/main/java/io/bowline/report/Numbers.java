// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A set of numbers as ascending ranges. Immutable. */
record Numbers(List<Range> ranges) {
  static final Numbers NONE = new Numbers(List.of());

  /** The numbers of all these ranges, which may overlap. */
  static Numbers of(Collection<Range> any) {
    List<Range> sorted = new ArrayList<>(any);
    sorted.sort(Comparator.comparingLong(Range::from));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && range.from() <= merged.get(last).to() + 1) {
        Range before = merged.get(last);
        merged.set(last, new Range(before.from(), Math.max(before.to(), range.to())));
      } else {
        merged.add(range);
      }
    }
    return new Numbers(List.copyOf(merged));
  }

  /** From the first to the last; none if the first is above the last. */
  static Numbers between(long first, long last) {
    return first > last ? NONE : new Numbers(List.of(new Range(first, last)));
  }

  /** Those that are in both. */
  Numbers and(Numbers other) {
    List<Range> both = new ArrayList<>();
    for (Range one : ranges) {
      for (Range two : other.ranges) {
        long from = Math.max(one.from(), two.from());
        long to = Math.min(one.to(), two.to());
        if (from <= to) {
          both.add(new Range(from, to));
        }
      }
    }
    return of(both);
  }

  /** Those that are in one or the other. */
  Numbers or(Numbers other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    return of(all);
  }

  /** Those that are in here and not in the other. */
  Numbers without(Numbers other) {
    List<Range> rest = new ArrayList<>();
    for (Range range : ranges) {
      long from = range.from();
      for (Range gone : other.ranges) {
        if (gone.to() < from || gone.from() > range.to()) {
          continue;
        }
        if (gone.from() > from) {
          rest.add(new Range(from, gone.from() - 1));
        }
        from = gone.to() + 1;
      }
      if (from <= range.to()) {
        rest.add(new Range(from, range.to()));
      }
    }
    return new Numbers(List.copyOf(rest));
  }

  /** How many they are. */
  long count() {
    return ranges.stream().mapToLong(range -> range.to() - range.from() + 1).sum();
  }
}
