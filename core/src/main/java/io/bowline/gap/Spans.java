// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A set of numbers as ascending ranges, no two of which touch. Pure. */
final class Spans {
  private static final long[] NONE = {};

  private long[] ends = NONE; // from, to, from, to …
  private int size; // of ends

  boolean isEmpty() {
    return size == 0;
  }

  /** How many ranges there are. */
  int count() {
    return size / 2;
  }

  boolean contains(long number) {
    return endOf(number) >= number;
  }

  /** The last number of the range that this one is in; below it if it is in none. */
  long endOf(long number) {
    int at = firstEndingAtOrAfter(number);
    return at < size && ends[at] <= number ? ends[at + 1] : number - 1;
  }

  /** The index of the first range that does not end before this number. */
  private int firstEndingAtOrAfter(long number) {
    int low = 0;
    int high = size / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[2 * middle + 1] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * low;
  }

  void add(long from, long to) {
    int first = firstEndingAtOrAfter(from - 1);
    int behind = first;
    long begin = from;
    long end = to;
    while (behind < size && ends[behind] <= to + 1) {
      begin = Math.min(begin, ends[behind]);
      end = Math.max(end, ends[behind + 1]);
      behind += 2;
    }
    replace(first, behind, begin, end);
  }

  /** Takes these numbers out, as far as they are in here. */
  void remove(long from, long to) {
    int first = firstEndingAtOrAfter(from);
    int behind = first;
    while (behind < size && ends[behind] <= to) {
      behind += 2;
    }
    if (behind == first) {
      return;
    }
    long begin = ends[first];
    long end = ends[behind - 1];
    boolean left = begin < from;
    boolean right = end > to;
    if (left && right) {
      replace(first, behind, begin, from - 1, to + 1, end);
    } else if (left) {
      replace(first, behind, begin, from - 1);
    } else if (right) {
      replace(first, behind, to + 1, end);
    } else {
      replace(first, behind);
    }
  }

  private void replace(int first, int behind, long... by) {
    int further = by.length - (behind - first);
    if (size + further > ends.length) {
      ends = Arrays.copyOf(ends, Math.max(4, Math.max(size + further, 2 * ends.length)));
    }
    if (further > 0) {
      for (int at = size - 1; at >= behind; at--) {
        ends[at + further] = ends[at];
      }
    } else if (further < 0) {
      for (int at = behind; at < size; at++) {
        ends[at + further] = ends[at];
      }
    }
    for (int i = 0; i < by.length; i++) {
      ends[first + i] = by[i];
    }
    size += further;
  }

  /** Forgets the lowest range; its last number. */
  long removeFirst() {
    long last = ends[1];
    replace(0, 2);
    return last;
  }

  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(size / 2);
    for (int i = 0; i < size; i += 2) {
      ranges.add(new Range(ends[i], ends[i + 1]));
    }
    return ranges;
  }
}
