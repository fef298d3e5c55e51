// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import io.bowline.report.SentLog;
import org.jspecify.annotations.Nullable;

/** What a builder collected about gaps. */
record GapSettings(
    @Nullable GapListener listener, @Nullable GapStore store, @Nullable SentLog sentLog) {

  /** What holds if nothing is said. */
  static final GapSettings STANDARD = new GapSettings(null, null, null);

  GapSettings listener(GapListener hears) {
    return new GapSettings(hears, store, sentLog);
  }

  GapSettings store(GapStore keeps) {
    return new GapSettings(listener, keeps, sentLog);
  }

  GapSettings sentLog(SentLog log) {
    return new GapSettings(listener, store, log);
  }
}
