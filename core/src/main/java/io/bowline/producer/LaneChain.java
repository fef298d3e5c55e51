// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.LaneNumber;
import io.bowline.message.LaneNumber.Range;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one lane's chain: given out with the first hand-over, kept through every try, and
 * voided if what bore them is given up. Each message tells how far all before it have their
 * outcome, so that no consumer misses what is only tried again. Guarded by its lane's lock. Pure.
 */
final class LaneChain {
  /** The most ranges of voided numbers not told yet; with more the chain begins anew. */
  static final int MAX_VOIDED = 1_024;

  private final int lane;
  private final long previousEpoch;

  /** What was numbered and has no outcome, linked in the order of numbers. */
  private @Nullable PendingSend oldest;

  private @Nullable PendingSend newest;

  /** Ascending, and no two of them touch. */
  private final List<Range> voided = new ArrayList<>(0);

  private long last;
  private long opens = 1;

  /**
   * @param previousEpoch as in {@link LaneNumber}
   */
  LaneChain(int lane, long previousEpoch) {
    this.lane = lane;
    this.previousEpoch = previousEpoch;
  }

  /** The number of a message that is handed over for the first time. */
  LaneNumber begin(PendingSend send) {
    long number = ++last;
    long notPromised = notPromised(number);
    append(send, number);
    return number(number, number - notPromised, told());
  }

  /** What a watermark says: what the next message would. Null if no number was given out. */
  @Nullable LaneNumber watermark() {
    long number = last + 1;
    return last == 0 ? null : number(number, number - notPromised(number), told());
  }

  private LaneNumber number(long number, long open, List<Range> told) {
    long before = opens == 0 ? LaneNumber.NOT_KNOWN : previousEpoch;
    return new LaneNumber(lane, number, open, told, opens, before);
  }

  /** The first number that has no outcome, or is voided and has no room in one message. */
  private long notPromised(long next) {
    long first = oldest == null ? next : oldest.laneSequence;
    return voided.size() > LaneNumber.MAX_VOIDED
        ? Math.min(first, voided.get(LaneNumber.MAX_VOIDED).from())
        : first;
  }

  private List<Range> told() {
    return voided.isEmpty()
        ? List.of()
        : voided.subList(0, Math.min(voided.size(), LaneNumber.MAX_VOIDED));
  }

  private void append(PendingSend send, long number) {
    send.laneSequence = number;
    send.openBefore = newest;
    if (newest == null) {
      oldest = send;
    } else {
      newest.openAfter = send;
    }
    newest = send;
  }

  /** The broker has it: what it told of others is known to consumers. */
  void confirmed(PendingSend send) {
    LaneNumber number = send.laneNumber;
    if (resolved(send) && number != null) {
      told(number);
    }
  }

  /** The broker has a message, or a watermark, that says this. */
  void told(LaneNumber number) {
    if (opens != 0 && number.opens() == opens) {
      opens = 0;
    }
    for (Range told : number.voided()) {
      told(told);
    }
  }

  private void told(Range told) {
    for (int i = voided.size() - 1; i >= 0; i--) {
      Range range = voided.get(i);
      if (range.to() < told.from() || range.from() > told.to()) {
        continue;
      }
      voided.remove(i);
      if (range.to() > told.to()) {
        voided.add(i, new Range(told.to() + 1, range.to()));
      }
      if (range.from() < told.from()) {
        voided.add(i, new Range(range.from(), told.from() - 1));
      }
    }
  }

  /**
   * It ended otherwise. One that provably never reached the broker leaves its number to the next
   * one, if it is the last; else later messages say not to wait for it.
   */
  void givenUp(PendingSend send, Outcome outcome) {
    if (!resolved(send)) {
      return;
    }
    if (outcome == Outcome.REJECTED && send.laneSequence == last) {
      last--;
    } else {
      voided(send.laneSequence);
    }
  }

  /** Takes it out of what has no outcome; false if it was not in there. */
  private boolean resolved(PendingSend send) {
    PendingSend before = send.openBefore;
    PendingSend after = send.openAfter;
    if (before == null && oldest != send) {
      return false;
    }
    if (before == null) {
      oldest = after;
    } else {
      before.openAfter = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.openBefore = before;
    }
    send.openBefore = null;
    send.openAfter = null;
    return true;
  }

  private void voided(long number) {
    int at = voided.size();
    while (at > 0 && voided.get(at - 1).from() > number) {
      at--;
    }
    long from = number;
    long to = number;
    if (at < voided.size() && voided.get(at).from() == number + 1) {
      to = voided.remove(at).to();
    }
    if (at > 0 && voided.get(at - 1).to() == number - 1) {
      from = voided.remove(--at).from();
    }
    voided.add(at, new Range(from, to));
    if (voided.size() > MAX_VOIDED) {
      voided.clear();
      opens = last + 1;
    }
  }
}
