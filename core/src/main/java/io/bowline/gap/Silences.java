// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.Chain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which chains are to be heard of again, and when. One that was told is expected no more, until its
 * next watermark. Times are milliseconds. Pure.
 */
final class Silences {
  /** A chain is silent after so many times what its producer said. */
  static final int PATIENCE = 2;

  private final Map<LaneTrack, Long> expectedWithin = new HashMap<>();

  /** A watermark of a chain arrived; {@code last} if none follows. */
  void marked(LaneTrack chain, long withinMillis, boolean last) {
    if (last) {
      expectedWithin.remove(chain);
    } else {
      expectedWithin.put(chain, withinMillis);
    }
  }

  /** Those that are overdue by now. */
  List<Silence> due(long now, Function<LaneTrack, Chain> name) {
    List<Silence> due = new ArrayList<>();
    Iterator<Map.Entry<LaneTrack, Long>> all = expectedWithin.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<LaneTrack, Long> one = all.next();
      LaneTrack chain = one.getKey();
      long within = one.getValue();
      if ((now - chain.lastSeen) / PATIENCE >= within) {
        Instant heard = Instant.ofEpochMilli(chain.lastSeen);
        due.add(new Silence(name.apply(chain), heard, Duration.ofMillis(within)));
        all.remove();
      }
    }
    return due;
  }

  void removeIf(Predicate<LaneTrack> gone) {
    expectedWithin.keySet().removeIf(gone);
  }
}
