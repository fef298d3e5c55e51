// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.LaneNumber.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a chain that nobody has to wait for: what was completed, if that is kept, and what
 * is explained. Two sets, never one: that a number is explained does not make it a duplicate when
 * it comes. Pure.
 */
final class Done {
  /** The most ranges of explained numbers, of holes, and of numbers set aside. */
  static final int MAX_SPANS = 1_024;

  private static final Spans NONE = new Spans(); // never written to

  private long base;
  private @Nullable Spans explained;
  private @Nullable Completed completed;

  /** Nothing known yet, and what is completed is not kept. */
  Done() {}

  /** As it was saved. */
  Done(ChainState saved) {
    base = saved.extent().base();
    completed = new Completed(saved);
    saved.explained().forEach(this::explain);
  }

  /** Nothing is known of numbers below this one; 0 before the first contact. */
  long base() {
    return base;
  }

  /** Begins with this number, whatever was known. */
  void begin(long number) {
    base = number;
    completed = completed == null ? null : new Completed(number - 1);
  }

  /** Forgets what is below this number. */
  void beginNotBelow(long number) {
    base = Math.max(base, number);
  }

  /** From now on what is completed is kept. */
  void keepCompleted() {
    completed = new Completed(Math.max(0, base - 1));
  }

  /** What was completed; null if that is not kept. */
  @Nullable Completed completed() {
    return completed;
  }

  /** A message is done; {@code setAside} if it was not processed. */
  void complete(long number, boolean setAside) {
    Completed kept = completed;
    if (kept == null || number < base) {
      return;
    }
    if (explained != null) {
      explained.remove(number, number);
    }
    if (setAside) {
      kept.setAside(number);
    }
    kept.add(number, explainedOrNone());
    while (kept.holes().count() > MAX_SPANS) {
      base = kept.holes().removeFirst() + 1;
    }
  }

  /** Whether this number was completed, as far as that is kept. */
  boolean isCompleted(long number) {
    return completed != null && number >= base && completed.contains(number, explainedOrNone());
  }

  private Spans explainedOrNone() {
    return explained == null ? NONE : explained;
  }

  /** Numbers that had not arrived, and are waited for no more. */
  void explain(Range range) {
    Spans spans = explained == null ? new Spans() : explained;
    explained = spans;
    spans.add(range.from(), range.to());
    if (spans.count() > MAX_SPANS) {
      beginNotBelow(spans.removeFirst() + 1);
    }
    if (completed != null) {
      completed.advance(spans);
    }
  }

  /** A message arrives; whether its number was explained. */
  boolean comesThoughExplained(long number) {
    boolean known = explained != null && explained.contains(number);
    if (known && completed == null) { // else it stays so until it is completed
      explainedOrNone().remove(number, number);
    }
    return known;
  }

  List<Range> explained() {
    return explainedOrNone().ranges();
  }
}
