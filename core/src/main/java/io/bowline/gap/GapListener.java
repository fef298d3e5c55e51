// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/** Hears of gaps, once each. Called on the consumer's handler threads. */
@FunctionalInterface
public interface GapListener {

  /** These numbers are missing. What this throws is logged and changes nothing. */
  void onGap(Gap gap);
}
