// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapDetector;
import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about gaps.
 *
 * @param grace how long a promised number may come late
 */
record GapSettings(@Nullable GapListener listener, @Nullable GapStore store, Duration grace) {

  /** What holds if nothing is said. */
  static final GapSettings STANDARD = new GapSettings(null, null, GapDetector.DEFAULT_GRACE);

  GapSettings listener(GapListener hears) {
    return new GapSettings(hears, store, grace);
  }

  GapSettings store(GapStore keeps) {
    return new GapSettings(listener, keeps, grace);
  }
}
