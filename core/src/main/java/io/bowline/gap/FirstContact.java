// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.LaneNumber;

/**
 * When a chain that was met in its midst is known well enough to miss anything. Nothing is asked
 * for but what was handed over after two messages that came here had their confirms: a broker
 * stores that behind them, unless what came was, of both, a copy stored after the confirm. Pure.
 */
final class FirstContact {
  private long first;
  private long second;

  /** Whether it was handed over after two that came here had their confirms. */
  boolean isSure(LaneNumber number, boolean again) {
    return !again && second > 0 && number.promised() >= Math.max(first, second);
  }

  /**
   * A message arrived; whether what is handed over after it will be missed.
   *
   * @param again whether it was delivered to somebody before: what lies between two of those may
   *     have been acknowledged then
   */
  boolean suffices(LaneNumber number, boolean again) {
    if (isSure(number, again)) {
      return true;
    }
    if (again) {
      return false;
    }
    long sequence = number.sequence();
    if (first == 0) {
      first = sequence;
    } else if (second == 0 && sequence != first) {
      second = sequence;
    }
    return false;
  }
}
