// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.jdbc.VersionRows.KeyOfSource;
import io.bowline.message.Stamp.KeyNumber;

/**
 * Decides whether a message is the next one of its key. Pure.
 *
 * @param epochs what numbers of one producer have to do with those of the next
 * @param beginsAnywhere whether a key of which nothing is known may begin with any number
 * @param waitsMillis for how long a missing number is waited for
 * @param acceptsHoles whether it is passed over then
 */
record VersionRule(Epochs epochs, boolean beginsAnywhere, long waitsMillis, boolean acceptsHoles) {

  /** What numbers of one producer of a source have to do with those of the next. */
  enum Epochs {
    /** Nothing: each counts for itself. */
    APART,
    /** They go on: a first message begins nothing anew, and no later producer has an old one. */
    ON,
    /** They go on, and a later producer may send again what an earlier one sent. */
    AGAIN
  }

  /** What becomes of a message. */
  enum Verdict {
    /** It is the next one: it takes effect. */
    APPLY,
    /** As that, and numbers before it were given up, since nobody knows what became of them. */
    APPLY_PAST_HOLE,
    /** It took effect before. */
    DONE,
    /** It was passed over, and its successors took effect. */
    LATE,
    /** A later producer has numbers that an earlier one had. */
    BACK,
    /** It is too early. */
    WAIT,
    /** It is too early, and what it waits for has not come in time. */
    MISSING
  }

  /**
   * What becomes of a message, and what is to be remembered then.
   *
   * @param next for APPLY and APPLY_PAST_HOLE to be committed with the effect only
   */
  record Step(Verdict verdict, VersionState next) {}

  /**
   * Decides.
   *
   * @param number that of the stamp
   * @param epoch that of the stamp
   * @param now milliseconds since 1970 by the database's clock
   */
  Step of(VersionState state, KeyNumber number, long epoch, long now) {
    long sequence = number.sequence();
    if (sequence <= state.last()) {
      return new Step(behind(state, sequence, epoch), state);
    }
    NumberRanges told =
        state.without().with(Math.max(number.firstVoided(), state.last() + 1), number.lastVoided());
    NumberRanges past = told.with(state.last() + 1, sequence - 1).without(sequence);
    VersionState applied = state.at(sequence, epoch, past, now);
    if (told.hasAll(state.last() + 1, sequence - 1) || begins(state, number)) {
      return new Step(Verdict.APPLY, applied);
    }
    VersionState waiting = state.waiting(sequence, told, now);
    long waited = now - waiting.waitsSince();
    if (waited < waitsMillis) {
      return new Step(Verdict.WAIT, waiting);
    }
    if (!acceptsHoles) {
      return new Step(Verdict.MISSING, waiting);
    }
    // A lower one that waits goes first, unless it went elsewhere, as to the dead letters.
    boolean lowest = waiting.waitsFirst() == sequence || waited >= 2 * waitsMillis;
    return lowest ? new Step(Verdict.APPLY_PAST_HOLE, applied) : new Step(Verdict.WAIT, waiting);
  }

  private Verdict behind(VersionState state, long sequence, long epoch) {
    if (state.without().has(sequence)) {
      return Verdict.LATE;
    }
    return epochs == Epochs.ON && epoch > state.epoch() ? Verdict.BACK : Verdict.DONE;
  }

  /** Whether nothing before this number is to be waited for, though nobody told what it was. */
  private boolean begins(VersionState state, KeyNumber number) {
    return (number.first() && epochs == Epochs.APART)
        || (beginsAnywhere && state.last() == 0 && state.waitsLast() == 0);
  }

  /** Names that by which numbers are told apart: those of one key of one source. */
  byte[] row(KeyOfSource of, String group) {
    return epochs == Epochs.APART
        ? RowKey.of(of.topic(), group, of.source(), of.epoch(), of.key())
        : RowKey.of(of.topic(), group, of.source(), of.key());
  }
}
