// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.LaneNumber;

/**
 * When a lane's next watermark is due: with news soon, without news seldom, and one at a time.
 * Guarded by its lane's lock. Pure.
 */
final class LaneMarks {
  /** A lane without news is marked after so many times the interval. */
  static final int IDLE_INTERVALS = 3;

  /** How far it was promised. */
  private long told = -1;

  private long toldAt;
  private boolean underWay;
  private long givenAt;

  /** Whether to hand over this one now; if so it is under way. */
  boolean begins(LaneNumber mark, Pace pace, long now) {
    boolean waits = underWay && now - givenAt < pace.overdue;
    boolean news = mark.promised() != told || mark.opens() > 0 || !mark.voided().isEmpty();
    boolean due = news || now - toldAt >= IDLE_INTERVALS * pace.interval;
    if (waits || !due) {
      return false;
    }
    underWay = true;
    givenAt = now;
    return true;
  }

  /** The broker has it. */
  void confirmed(LaneNumber mark) {
    underWay = false;
    told = mark.promised();
    toldAt = givenAt;
  }

  /** It may be stored or not: the next one says the same, and more. */
  void failed() {
    underWay = false;
  }

  /**
   * In nanoseconds.
   *
   * @param interval between two looks at a lane
   * @param overdue how long the broker has for its answer
   */
  record Pace(long interval, long overdue) {
    /** The longest from one watermark of a lane to the next, in milliseconds, at least 1. */
    long withinMillis() {
      return Math.max(1, IDLE_INTERVALS * interval / 1_000_000);
    }
  }
}
