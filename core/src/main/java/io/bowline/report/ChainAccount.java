// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the numbers of one chain that were sent in a time. Each is in one of the sets.
 * Pure.
 */
record ChainAccount(
    Numbers unverified,
    Numbers voided,
    Numbers processed,
    Numbers setAside,
    Numbers missing,
    Numbers open,
    long duplicates,
    List<KeyNumbers> keys) {

  /**
   * Asks a group for these numbers.
   *
   * @param state what it completed of the chain; null if nothing of it is kept
   */
  static ChainAccount of(Numbers sent, @Nullable ChainState state) {
    if (state == null) {
      return new ChainAccount(
          Numbers.NONE, Numbers.NONE, Numbers.NONE, Numbers.NONE, Numbers.NONE, sent, 0, List.of());
    }
    Numbers unverified = sent.and(Numbers.between(1, state.extent().base() - 1));
    Numbers asked = sent.without(unverified);
    Numbers voided = asked.and(Numbers.of(state.explained()));
    List<Range> absent = new ArrayList<>();
    List<Range> told = new ArrayList<>();
    List<KeyNumbers> keys = new ArrayList<>();
    for (Absent range : state.missing()) {
      Range numbers = new Range(range.from(), range.to());
      absent.add(numbers);
      if (range.told() && asked.and(new Numbers(List.of(numbers))).count() > 0) {
        told.add(numbers);
        keys.addAll(range.keys());
      }
    }
    Numbers missing = asked.and(Numbers.of(told));
    Numbers completed =
        asked
            .and(completed(state))
            .without(voided)
            .without(Numbers.of(absent))
            .without(Numbers.of(state.holes()));
    Numbers setAside = completed.and(Numbers.of(state.counts().setAside()));
    return new ChainAccount(
        unverified,
        voided,
        completed.without(setAside),
        setAside,
        missing,
        asked.without(voided).without(completed).without(missing),
        state.counts().duplicates(),
        List.copyOf(keys));
  }

  /** Up to the watermark all but the exceptions; above it what has its bit. */
  private static Numbers completed(ChainState state) {
    long watermark = state.extent().watermark();
    List<Range> ranges = new ArrayList<>(Numbers.between(1, watermark).ranges());
    for (int i = 0; i < state.window().size() * Long.SIZE; i++) {
      if (((state.window().get(i / Long.SIZE) >>> i) & 1) != 0) {
        ranges.add(new Range(watermark + 1 + i, watermark + 1 + i));
      }
    }
    return Numbers.of(ranges);
  }
}
