// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of one chain: what arrived, what is missing and, if that is kept, what was done.
 * Times are milliseconds since 1970. Pure.
 *
 * <p>A first contact is provisional: it may be a late copy of an old message, or one that was
 * delivered before, and what follows it may have been done by others.
 */
final class LaneTrack {
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
  private Done done = new Done();
  private long next;
  private long promised;
  private long duplicates;

  /** Null once the chain is known well enough. */
  private @Nullable FirstContact contact = new FirstContact();

  private MissingRanges missing = new MissingRanges();

  /** Whose numbers they are. */
  record Of(int lane, String source, long epoch) {}

  /** Hears what is to be told of a chain. */
  interface Tidings {
    void tell(LaneTrack chain, Missing range, State state);

    /** Something is missing that was not. */
    void suspects(LaneTrack chain);

    /** Something is missing no more that was not told. */
    void suspectsLess(LaneTrack chain);
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
    if (done.base() == 0) {
      sight = begins(number, now);
    } else if (sequence < next) {
      sight = again(sequence);
    } else if (sequence == next) {
      next = sequence + 1;
      sight = Sight.IN_ORDER;
    } else {
      sight = ahead(sequence, now);
    }
    if (contact != null) {
      done.begin(next);
      contact = contact.suffices(number, again) ? null : contact;
    }
    tellsOfOthers(number, now);
    return superseded && (sight == Sight.IN_ORDER || sight == Sight.AHEAD) ? Sight.ZOMBIE : sight;
  }

  /**
   * The first contact. Where whatever came before was saved, a chain that says where it begins is
   * met at its beginning.
   */
  private Sight begins(LaneNumber number, long now) {
    long first = firstAsked(number);
    done.begin(first);
    next = first;
    if (number.sequence() > first) {
      return ahead(number.sequence(), now);
    }
    next++;
    return Sight.BASELINE;
  }

  /** From which number on a chain is asked for that is met now. */
  private long firstAsked(LaneNumber number) {
    return contact == null && number.opens() > 0 ? number.opens() : number.sequence();
  }

  private Sight ahead(long sequence, long now) {
    boolean unsure = contact != null;
    if (!unsure) {
      misses(next, sequence - 1, now);
    }
    next = sequence + 1;
    return unsure ? Sight.BASELINE : Sight.AHEAD;
  }

  private void misses(long from, long to, long now) {
    missing.add(Missing.suspect(from, to, now));
    tidings.suspects(this);
  }

  /** A watermark arrived: it promises as the next message would have, and has no number. */
  void marked(LaneNumber mark, boolean again, long now) {
    lastSeen = now;
    if (done.base() == 0) {
      next = firstAsked(mark);
      done.begin(next);
    }
    if (contact != null) {
      next = Math.max(next, mark.sequence());
      done.begin(next);
      contact = contact.isSure(mark, again) ? null : contact;
    } else if (mark.sequence() > next) { // what it voids is told once, promised or not
      misses(next, mark.sequence() - 1, now);
      next = mark.sequence();
    }
    tellsOfOthers(mark, now);
    unsaved |= misses(); // a message is saved when it is done, but nobody is done with this
  }

  private void tellsOfOthers(LaneNumber number, long now) {
    if (number.opens() > 1 || !number.voided().isEmpty()) {
      explained(number);
    }
    promised = Math.max(promised, number.promised());
    missing.promise(promised, now);
  }

  private Sight again(long sequence) {
    boolean late = missing.take(sequence, sequence, tell(State.FILLED));
    unsaved |= late;
    if (late || done.comesThoughExplained(sequence)) {
      return Sight.LATE;
    }
    if (sequence < done.base()) {
      return Sight.BEFORE_BASELINE;
    }
    duplicates++;
    return Sight.DUPLICATE;
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
    boolean any =
        missing.take(
            from,
            to,
            range -> {
              done.explain(new Range(range.from(), range.to()));
              tell(state).accept(range);
            });
    unsaved |= any;
    return any;
  }

  /** A key misses numbers somewhere between these two of the lane. */
  void name(long after, long before, KeyNumbers key) {
    missing.name(after, before, key, range -> tidings.tell(this, range, State.GAP));
  }

  private Consumer<Missing> tell(State state) {
    return range -> {
      if (range.told()) {
        tidings.tell(this, range, state);
      } else {
        tidings.suspectsLess(this);
      }
    };
  }

  /** Tells what was promised by then; whether something is missing that is not told yet. */
  boolean due(long promisedBy) {
    missing.due(
        promisedBy,
        range -> {
          unsaved = true;
          tidings.tell(this, range, State.GAP);
        });
    done.beginNotBelow(missing.forgetCrowded() + 1);
    return missing.suspects();
  }

  boolean misses() {
    return !missing.isEmpty();
  }

  List<Missing> missing() {
    return missing.all();
  }

  /** From now on what is completed is kept. */
  void keepCompleted() {
    done.keepCompleted();
  }

  /**
   * The message of this number was processed, or its dead letter confirmed: then it is set aside.
   */
  void completed(long number, boolean setAside) {
    unsaved |= done.completed() != null;
    done.complete(number, setAside);
  }

  /** Whether this number was completed, as far as that is kept. */
  boolean isCompleted(long number) {
    return done.isCompleted(number);
  }

  /** What is to be saved; null if what is completed is not kept. */
  @Nullable ChainState state() {
    Completed kept = done.completed();
    return kept == null ? null : Saving.state(this, kept);
  }

  /** Arrivals of numbers that had arrived before. */
  long duplicates() {
    return duplicates;
  }

  ChainState.Extent extent(long watermark) {
    return new ChainState.Extent(done.base(), watermark, contact == null);
  }

  List<Range> explained() {
    return done.explained();
  }

  /**
   * As it was saved: what was not completed may come again, and is not promised until it does.
   *
   * @param inTurn whether the grace of what is missing goes on; if not it begins anew
   */
  void restore(ChainState saved, long now, boolean inTurn) {
    done = new Done(saved);
    Saving restored = new Saving(saved, Objects.requireNonNull(done.completed()));
    duplicates = saved.counts().duplicates();
    contact = saved.extent().firm() ? null : contact;
    next = restored.highest() + 1;
    missing = restored.missing(now, inTurn);
    if (misses()) {
      tidings.suspects(this);
    }
  }
}
