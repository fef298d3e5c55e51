// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final int LARGEST = 40;
  private final Random random = new Random(17);

  private List<Range> any() {
    List<Range> ranges = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      long from = 1L + random.nextInt(LARGEST);
      ranges.add(new Range(from, from + random.nextInt(5)));
    }
    return ranges;
  }

  private static Set<Long> all(List<Range> ranges) {
    Set<Long> all = new TreeSet<>();
    ranges.forEach(range -> addAll(range, all));
    return all;
  }

  private static void addAll(Range range, Set<Long> to) {
    for (long number = range.from(); number <= range.to(); number++) {
      to.add(number);
    }
  }

  private static void same(Set<Long> expected, Numbers numbers) {
    assertEquals(expected, all(numbers.ranges()));
    assertEquals(expected.size(), numbers.count());
    List<Range> ranges = numbers.ranges();
    for (int i = 1; i < ranges.size(); i++) {
      assertEquals(true, ranges.get(i).from() > ranges.get(i - 1).to(), numbers.toString());
    }
  }

  @Test
  void theyAreSets() {
    for (int i = 0; i < 2_000; i++) {
      List<Range> one = any();
      List<Range> two = any();
      Numbers first = Numbers.of(one);
      Numbers second = Numbers.of(two);
      same(all(one), first);
      Set<Long> rest =
          all(one).stream()
              .filter(n -> !all(two).contains(n))
              .collect(Collectors.toCollection(TreeSet::new));
      same(rest, first.without(second));
      Set<Long> both = all(one);
      both.retainAll(all(two));
      same(both, first.and(second));
    }
  }
}
