// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.report.SentMark.SentChain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemorySentLogTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
  private static final SentChain CHAIN = new SentChain("orders", 0, "shop", 1);
  private final InMemorySentLog log = new InMemorySentLog();

  private static SentMark mark(SentChain chain, long number) {
    return new SentMark(chain, number, START.plusSeconds(number));
  }

  private List<Long> read(int from, int to) {
    return log.read("orders", START.plusSeconds(from), START.plusSeconds(to)).stream()
        .map(SentMark::number)
        .toList();
  }

  @Test
  void whatIsReadBeginsWithTheLastMarkBefore() {
    log.add(List.of(mark(CHAIN, 1), mark(CHAIN, 2), mark(CHAIN, 4), mark(CHAIN, 6)));
    assertEquals(List.of(2L, 4L), read(3, 5));
    assertEquals(List.of(1L, 2L, 4L), read(2, 4));
    assertEquals(List.of(), read(-2, 0));
    assertEquals(List.of(6L), read(9, 10));
  }

  @Test
  void aMarkThatIsThereChangesNothing() {
    log.add(List.of(mark(CHAIN, 1)));
    log.add(List.of(mark(CHAIN, 1)));
    assertEquals(List.of(1L), read(0, 9));
    log.add(List.of(new SentMark(CHAIN, 0, START.plusSeconds(1))));
    assertEquals(List.of(1L), read(0, 9), "nor does a lower one of that time");
  }

  @Test
  void topicsAreKeptApart() {
    log.add(List.of(mark(new SentChain("letters", 0, "shop", 1), 3)));
    assertEquals(List.of(), read(0, 9));
  }

  @Test
  void marksAndChainsAreBounded() {
    List<SentMark> marks = new ArrayList<>();
    for (int i = 0; i <= InMemorySentLog.MAX_MARKS_OF_CHAIN; i++) {
      marks.add(mark(CHAIN, i));
    }
    log.add(marks);
    assertEquals(
        InMemorySentLog.MAX_MARKS_OF_CHAIN, read(0, InMemorySentLog.MAX_MARKS_OF_CHAIN).size());
    for (int i = 0; i < InMemorySentLog.MAX_CHAINS; i++) {
      log.add(List.of(mark(new SentChain("orders", i, "other", 1), 1)));
    }
    assertEquals(InMemorySentLog.MAX_CHAINS, read(0, 20_000).size());
  }
}
