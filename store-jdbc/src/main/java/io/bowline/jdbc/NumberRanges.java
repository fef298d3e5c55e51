// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Some of the numbers 1, 2, 3 …, as ranges, few of them. Immutable and pure. */
final class NumberRanges {
  /** The most ranges: 32. */
  static final int MOST = 32;

  static final NumberRanges NONE = new NumberRanges(List.of());

  private final List<Range> ranges;

  private record Range(long from, long to) {}

  /**
   * @param ranges ascending, with numbers between them
   */
  private NumberRanges(List<Range> ranges) {
    this.ranges = ranges;
  }

  /** What {@link #text} wrote. */
  static NumberRanges read(String text) {
    return text.isEmpty()
        ? NONE
        : new NumberRanges(Arrays.stream(text.split(",")).map(NumberRanges::range).toList());
  }

  private static Range range(String text) {
    int dash = text.indexOf('-');
    return new Range(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  /** Such as {@code 3-4,9-9}: at most 1,279 characters. */
  String text() {
    return ranges.stream()
        .map(range -> range.from + "-" + range.to)
        .collect(Collectors.joining(","));
  }

  boolean has(long number) {
    return ranges.stream().anyMatch(range -> range.from <= number && number <= range.to);
  }

  /** Whether it has all from one number to another; also if these are none. */
  boolean hasAll(long from, long to) {
    return from > to || ranges.stream().anyMatch(range -> range.from <= from && to <= range.to);
  }

  /** Whether it has any above this one. */
  boolean hasAbove(long number) {
    return !ranges.isEmpty() && ranges.get(ranges.size() - 1).to > number;
  }

  /** These and all from one number to another, if there are any. */
  NumberRanges with(long from, long to) {
    if (from > to) {
      return this;
    }
    List<Range> all = new ArrayList<>();
    Range added = new Range(from, to);
    for (Range range : ranges) {
      if (range.to < added.from - 1) {
        all.add(range);
      } else if (range.from > added.to + 1) {
        all.add(added);
        added = range;
      } else {
        added = new Range(Math.min(range.from, added.from), Math.max(range.to, added.to));
      }
    }
    all.add(added);
    return new NumberRanges(List.copyOf(all));
  }

  /** These without one. */
  NumberRanges without(long number) {
    if (!has(number)) {
      return this;
    }
    List<Range> all = new ArrayList<>();
    for (Range range : ranges) {
      if (number < range.from || range.to < number) {
        all.add(range);
        continue;
      }
      if (range.from < number) {
        all.add(new Range(range.from, number - 1));
      }
      if (number < range.to) {
        all.add(new Range(number + 1, range.to));
      }
    }
    return new NumberRanges(List.copyOf(all));
  }

  /**
   * At most {@link #MOST} ranges. The lowest grow together as far as {@code last}, with what lies
   * between them; of those beyond it the highest are left out.
   */
  NumberRanges bounded(long last) {
    List<Range> all = new ArrayList<>(ranges);
    while (all.size() > MOST) {
      if (all.get(1).to <= last) {
        Range lowest = all.remove(0);
        all.set(0, new Range(lowest.from, all.get(0).to));
      } else {
        all.remove(all.size() - 1);
      }
    }
    return new NumberRanges(List.copyOf(all));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberRanges that && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
