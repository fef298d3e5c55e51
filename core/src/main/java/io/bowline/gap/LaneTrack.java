// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of one chain: what arrived, what is missing and, if that is kept, what was
 * completed. Two sets, never one: that a number is explained does not make it a duplicate when it
 * comes. Times are milliseconds since 1970. Pure.
 *
 * <p>A first contact is provisional: it may be a late copy of an old message, or one that was
 * delivered before, and what follows it may have been done by others.
 */
final class LaneTrack {
  /** The most ranges of explained numbers, and of holes, that one chain remembers. */
  static final int MAX_SPANS = 1_024;

  private static final Spans NONE = new Spans(); // never written to

  final int lane;
  final String source;
  final long epoch;

  /** Tells it from all others, an earlier one of the same numbers too. */
  final long salt;

  /** When a message of it arrived last. */
  long lastSeen;

  /** Another chain said that it follows this one. */
  boolean superseded;

  /** Whether it changed since it was saved. */
  boolean unsaved;

  /** Whether it stands among those to be saved next. */
  boolean listed;

  private final Tidings tidings;
  private long base;
  private long next;
  private long promised;

  /** Null once the chain is known well enough. */
  private @Nullable FirstContact contact = new FirstContact();

  private @Nullable MissingRanges missing;
  private @Nullable Spans explained;
  private @Nullable Completed completed;

  /** Whose numbers they are. */
  record Of(int lane, String source, long epoch) {}

  /** Hears what is to be told of a chain. */
  interface Tidings {
    void tell(LaneTrack chain, Missing range, State state);

    /** Something is missing that was not. */
    void suspects(LaneTrack chain);
  }

  /**
   * @param salt another one for each object
   */
  LaneTrack(Of of, long salt, Tidings tidings) {
    this.salt = salt;
    this.lane = of.lane;
    this.source = of.source;
    this.epoch = of.epoch;
    this.tidings = tidings;
  }

  /** From the first contact on nothing is provisional: whatever came before was saved. */
  void sureAtOnce() {
    contact = null;
  }

  /** A message arrived; {@code again} if it was delivered to somebody before. */
  Sight arrived(LaneNumber number, boolean again, long now) {
    lastSeen = now;
    long sequence = number.sequence();
    Sight sight;
    if (base == 0) {
      begins(sequence);
      sight = Sight.BASELINE;
      next = sequence + 1;
    } else if (sequence < next) {
      sight = again(sequence);
    } else if (sequence == next) {
      next = sequence + 1;
      sight = Sight.IN_ORDER;
    } else {
      sight = ahead(sequence, now);
    }
    if (contact != null) {
      begins(next);
      contact = contact.suffices(number, again) ? null : contact;
    }
    tellsOfOthers(number, now);
    return superseded && (sight == Sight.IN_ORDER || sight == Sight.AHEAD) ? Sight.ZOMBIE : sight;
  }

  private Sight ahead(long sequence, long now) {
    long first = next;
    next = sequence + 1;
    if (contact != null) {
      return Sight.BASELINE;
    }
    if (missing == null) {
      missing = new MissingRanges();
    }
    missing.add(Missing.suspect(first, sequence - 1, now));
    tidings.suspects(this);
    return Sight.AHEAD;
  }

  private void begins(long sequence) {
    base = sequence;
    completed = completed == null ? null : new Completed(sequence - 1);
  }

  private void tellsOfOthers(LaneNumber number, long now) {
    if (number.opens() > 1 || !number.voided().isEmpty()) {
      explained(number);
    }
    promised = Math.max(promised, number.promised());
    if (missing != null) {
      missing.promise(promised, now);
    }
  }

  private Sight again(long sequence) {
    boolean late = missing != null && missing.take(sequence, sequence, tell(State.FILLED));
    if (late) {
      forgetNothingMissing();
      unsaved = true;
    } else if (explained != null && explained.contains(sequence)) {
      late = true;
      if (completed == null) {
        explained.remove(sequence, sequence); // else it stays so until it is completed
      }
    }
    if (late) {
      return Sight.LATE;
    }
    return sequence < base ? Sight.BEFORE_BASELINE : Sight.DUPLICATE;
  }

  private void explained(LaneNumber number) {
    for (Range range : number.voided()) {
      explain(range.from(), range.to(), State.VOIDED);
    }
    if (number.opens() > 1) {
      explain(1, number.opens() - 1, State.VOIDED);
    }
  }

  /** These numbers are not to be missed any more, as far as they are; whether any was. */
  boolean explain(long from, long to, State state) {
    MissingRanges ranges = missing;
    if (ranges == null) {
      return false;
    }
    Spans spans = explained == null ? new Spans() : explained;
    boolean any =
        ranges.take(
            from,
            to,
            range -> {
              spans.add(range.from(), range.to());
              tell(state).accept(range);
            });
    if (any) {
      explained = spans;
      base = spans.count() > MAX_SPANS ? Math.max(base, spans.removeFirst() + 1) : base;
      forgetNothingMissing();
      unsaved = true;
      if (completed != null) {
        completed.advance(spans);
      }
    }
    return any;
  }

  /** A key misses numbers somewhere between these two of the lane. */
  void name(long after, long before, KeyNumbers key) {
    if (missing != null) {
      missing.name(after, before, key, range -> tidings.tell(this, range, State.GAP));
    }
  }

  private Consumer<Missing> tell(State state) {
    return range -> {
      if (range.told()) {
        tidings.tell(this, range, state);
      }
    };
  }

  private void forgetNothingMissing() {
    if (missing != null && missing.isEmpty()) {
      missing = null;
    }
  }

  /** Tells what was promised by then; whether something is missing that is not told yet. */
  boolean due(long promisedBy) {
    MissingRanges ranges = missing;
    if (ranges == null) {
      return false;
    }
    ranges.due(
        promisedBy,
        range -> {
          unsaved = true;
          tidings.tell(this, range, State.GAP);
        });
    base = Math.max(base, ranges.forgetCrowded() + 1);
    return ranges.suspects();
  }

  boolean misses() {
    return missing != null;
  }

  List<Missing> missing() {
    return missing == null ? List.of() : missing.all();
  }

  /** From now on what is completed is kept. */
  void keepCompleted() {
    completed = new Completed(Math.max(0, base - 1));
  }

  /** The message of this number was processed, or its dead letter confirmed. */
  void completed(long number) {
    Completed done = completed;
    if (done == null) {
      return;
    }
    unsaved = true;
    if (number < base) {
      return;
    }
    if (explained != null) {
      explained.remove(number, number);
    }
    done.add(number, explained == null ? NONE : explained);
    while (done.holes().count() > MAX_SPANS) {
      base = done.holes().removeFirst() + 1;
    }
  }

  /** Whether this number was completed, as far as that is kept. */
  boolean isCompleted(long number) {
    return completed != null
        && number >= base
        && completed.contains(number, explained == null ? NONE : explained);
  }

  /** What is to be saved; null if what is completed is not kept. */
  @Nullable ChainState state() {
    return completed == null ? null : Saving.state(this, completed);
  }

  ChainState.Extent extent(long watermark) {
    return new ChainState.Extent(base, watermark, contact == null);
  }

  List<Range> explained() {
    return explained == null ? List.of() : explained.ranges();
  }

  /** As it was saved: what was not completed may come again, and is not promised until it does. */
  void restore(ChainState saved, long now) {
    Completed done = new Completed(saved);
    Saving restored = new Saving(saved, done);
    completed = done;
    explained = restored.explained();
    base = saved.extent().base();
    contact = saved.extent().firm() ? null : contact;
    next = restored.highest() + 1;
    missing = restored.missing(now);
    forgetNothingMissing();
  }
}
