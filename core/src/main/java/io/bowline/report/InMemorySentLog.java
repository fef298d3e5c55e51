// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.report.SentMark.SentChain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Remembers marks in the memory of this process. Thread-safe. */
public final class InMemorySentLog implements SentLog {
  /** How many marks of a chain are kept: the earliest are forgotten, but for the last of those. */
  public static final int MAX_MARKS_OF_CHAIN = 10_000;

  /** How many chains are kept; the one that is first there is forgotten first. */
  public static final int MAX_CHAINS = 10_000;

  private final Map<SentChain, NavigableMap<Instant, Long>> chains = new LinkedHashMap<>();

  /** An empty log. */
  public InMemorySentLog() {}

  @Override
  public synchronized void add(List<SentMark> marks) {
    for (SentMark mark : marks) {
      NavigableMap<Instant, Long> numbers =
          chains.computeIfAbsent(mark.chain(), fresh -> new TreeMap<>());
      numbers.merge(mark.at(), mark.number(), Math::max);
      if (numbers.size() > MAX_MARKS_OF_CHAIN) {
        numbers.pollFirstEntry();
      }
    }
    Iterator<SentChain> oldestFirst = chains.keySet().iterator();
    while (chains.size() > MAX_CHAINS) {
      oldestFirst.next();
      oldestFirst.remove();
    }
  }

  @Override
  public synchronized List<SentMark> read(String topic, Instant from, Instant to) {
    List<SentMark> read = new ArrayList<>();
    chains.forEach(
        (chain, numbers) -> {
          if (chain.topic().equals(topic)) {
            Instant before = numbers.lowerKey(from);
            numbers
                .subMap(before == null ? from : before, true, to, true)
                .forEach((at, number) -> read.add(new SentMark(chain, number, at)));
          }
        });
    return read;
  }
}
