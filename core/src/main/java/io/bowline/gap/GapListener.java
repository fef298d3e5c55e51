// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/** Hears of gaps. Called on the consumer's handler threads. What it throws is logged. */
@FunctionalInterface
public interface GapListener {

  /** These numbers are missing. Told once. */
  void onGap(Gap gap);

  /**
   * What is known of a gap that was told has changed: its numbers, or a part of them, came after
   * all, or are explained; or, if its state is still {@link Gap.State#GAP}, a key of it is known
   * now. Does nothing by default.
   */
  default void onChange(Gap gap) {}

  /**
   * Nothing comes any more of a producer that writes {@linkplain io.bowline.message.Watermark
   * watermarks} and was not closed. Told once, and again if it spoke meanwhile. Does nothing by
   * default.
   */
  default void onSilence(Silence silence) {}
}
