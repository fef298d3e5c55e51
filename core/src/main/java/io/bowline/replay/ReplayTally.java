// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Received;
import io.bowline.replay.ReplayReport.End;
import io.bowline.replay.ReplayReport.Entry;
import io.bowline.replay.ReplayReport.Fate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of dead letters. Pure. */
final class ReplayTally {
  private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);
  private final List<Entry> entries = new ArrayList<>();
  private long comesAgain;

  void add(Received letter, Fate fate) {
    counts.merge(fate, 1L, Long::sum);
    boolean named = fate != Fate.NOT_SELECTED && fate != Fate.OTHER_GROUP;
    if (named && entries.size() < ReplayReport.MOST_ENTRIES) {
      Optional<String> topic = Optional.ofNullable(letter.headers().get(DeadLetterHeaders.TOPIC));
      entries.add(new Entry(letter.id(), topic, fate));
    }
  }

  /** One was dealt with, but not acknowledged. */
  void comesAgain() {
    comesAgain++;
  }

  ReplayReport report(boolean dryRun, End end, @Nullable String trouble) {
    return new ReplayReport(dryRun, counts, entries, comesAgain, end, trouble);
  }
}
