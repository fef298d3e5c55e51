// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When a lane reads for itself, and how much; else the relay shows it what comes, with one question
 * for all lanes. Times are nanoseconds of one steady clock. Asking is thread-safe, the rest is of
 * the lane's turns.
 */
final class LaneAppetite {
  /** So many rows are read at once. */
  static final int BATCH = 1_000;

  /** With so many known rows or more a lane reads by itself: that is what it is shown at most. */
  static final int SHOWN = 16;

  /** With so many known rows, or less, more are read. */
  private static final int FEW = 128;

  /** The most known rows while some of them are stuck. */
  private static final int MOST_KNOWN = 4 * BATCH;

  /** Bytes of bodies that are read at once, and known in all. */
  static final long READ_BYTES = 4L << 20;

  private static final long MOST_BYTES = 4 * READ_BYTES;

  /** With no answer for so long, rows behind those known are read too. */
  private static final long STUCK_AFTER = TimeUnit.SECONDS.toNanos(1);

  /** How long until a lane with known rows reads again that found nothing new. */
  private static final long AGAIN_AFTER = TimeUnit.MILLISECONDS.toNanos(100);

  private long progress;
  private long inVain;
  private volatile boolean asked;
  private volatile boolean many;

  LaneAppetite(long now) {
    this.progress = now;
    this.inVain = now - AGAIN_AFTER;
  }

  /** More may wait than it was shown. */
  void ask() {
    asked = true;
  }

  /** Whether it reads for itself, and needs to be shown nothing. */
  boolean readsItself() {
    return asked || many;
  }

  /** So many are known after a turn. */
  void knows(int rows) {
    many = rows >= SHOWN;
  }

  /** It was shown these; what it has learned thereby, it was not if the number is the same. */
  void shown(List<OutboxRow> rows, boolean learned, long now) {
    asked |= rows.isEmpty() || rows.size() >= SHOWN;
    progress = learned ? now : progress;
  }

  /** The broker has taken one. */
  void progressed(long now) {
    progress = now;
  }

  boolean wantsMore(LaneQueue queue, long now) {
    int most = now - progress > STUCK_AFTER ? MOST_KNOWN : FEW;
    boolean due = queue.size() == 0 || now - inVain >= AGAIN_AFTER;
    return asked && due && queue.size() <= most && queue.bytes() < MOST_BYTES;
  }

  /** It reads now. */
  void begins() {
    asked = false;
  }

  /** It has read. */
  void ended(boolean learned, long now) {
    if (learned) {
      progress = now;
      asked = true; // there may be more behind them
    } else {
      inVain = now;
    }
  }
}
