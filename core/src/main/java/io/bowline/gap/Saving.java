// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.ChainState.Counts;
import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The way of a chain's state to what is saved and back. Pure. */
final class Saving {
  private final ChainState saved;
  private final Completed completed;

  Saving(ChainState saved, Completed completed) {
    this.saved = saved;
    this.completed = completed;
  }

  static ChainState state(LaneTrack chain, Completed completed) {
    List<Long> window = new ArrayList<>();
    for (long word : completed.window()) {
      window.add(word);
    }
    List<Absent> missing = new ArrayList<>();
    for (Missing range : chain.missing()) {
      boolean promised = range.promised();
      missing.add(
          new Absent(
              range.from(), range.to(), range.since(), promised, range.told(), range.keys()));
    }
    return new ChainState(
        chain.source,
        chain.epoch,
        chain.extent(completed.watermark()),
        window,
        completed.holes().ranges(),
        chain.explained(),
        missing,
        new Counts(completed.setAside().ranges(), chain.duplicates()));
  }

  /** The highest number that is known of. */
  long highest() {
    long highest = completed.highest();
    for (Absent range : saved.missing()) {
      highest = Math.max(highest, range.to());
    }
    for (Range range : saved.explained()) {
      highest = Math.max(highest, range.to());
    }
    return highest;
  }

  /** What was missing; and what had arrived and was not completed, which may come again. */
  MissingRanges missing(long now, boolean inTurn) {
    List<Missing> all = new ArrayList<>();
    Spans lacking = lacking();
    for (Absent range : saved.missing()) {
      lacking.remove(range.from(), range.to());
      long promised = inTurn ? range.since() : now;
      long promisedAt = range.promised() ? promised : Missing.NOT_PROMISED;
      all.add(
          new Missing(
              range.from(), range.to(), range.since(), promisedAt, range.told(), range.keys()));
    }
    for (Range range : lacking.ranges()) {
      all.add(Missing.suspect(range.from(), range.to(), now));
    }
    all.sort(Comparator.comparingLong(Missing::from));
    MissingRanges ranges = new MissingRanges();
    all.forEach(ranges::add);
    return ranges;
  }

  private Spans lacking() {
    Spans lacking = new Spans();
    saved.holes().forEach(hole -> lacking.add(hole.from(), hole.to()));
    long watermark = saved.extent().watermark();
    long highest = highest();
    long behind = watermark + Completed.WINDOW;
    for (long number = watermark + 1; number <= Math.min(behind, highest); number++) {
      if (!completed.isSet(number)) {
        lacking.add(number, number);
      }
    }
    if (highest > behind) {
      lacking.add(behind + 1, highest);
    }
    saved.explained().forEach(range -> lacking.remove(range.from(), range.to()));
    return lacking;
  }
}
