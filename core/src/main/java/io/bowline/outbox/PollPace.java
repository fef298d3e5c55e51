// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

/** How long until the outbox is asked again: longer and longer while it is empty. Pure. */
final class PollPace {
  /** The shortest: 10 ms. */
  static final long SHORTEST_MILLIS = 10;

  /** The longest: 1 s. */
  static final long LONGEST_MILLIS = 1_000;

  /** So many questions follow an append at the shortest pace: its commit may take a moment. */
  private static final int EAGER = 50;

  private long pause = SHORTEST_MILLIS;
  private int eager;

  /** Messages were appended here, and will be committed soon. */
  void expected() {
    pause = SHORTEST_MILLIS;
    eager = EAGER;
  }

  /** Milliseconds until the next question, after one that found something or nothing. */
  long after(boolean found) {
    if (found || eager > 0) {
      eager = Math.max(0, eager - 1);
      pause = SHORTEST_MILLIS;
    } else {
      pause = Math.min(2 * pause, LONGEST_MILLIS);
    }
    return pause;
  }
}
