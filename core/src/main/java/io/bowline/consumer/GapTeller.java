// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.GapDetector;
import io.bowline.gap.GapListener;
import io.bowline.gap.Silence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a detector finds: to the log, the listener, the meters and who asks for what is open.
 */
final class GapTeller {
  private static final Logger log = LoggerFactory.getLogger(GapTeller.class);

  /** How often what is open is shown anew: 100 ms. */
  private static final long SHOW_EVERY_MILLIS = 100;

  private final @Nullable GapListener listener;
  private final HandlerThreads threads;
  private final GapMeters meters;
  private final GapView view;
  private long shown;
  private long shownAt;

  GapTeller(
      @Nullable GapListener listener, HandlerThreads threads, GapMeters meters, GapView view) {
    this.listener = listener;
    this.threads = threads;
    this.meters = meters;
    this.view = view;
  }

  /** A gap was found, or one that was told has changed. */
  void tell(Gap gap) {
    meters.told(gap);
    if (gap.state() == State.GAP) {
      log.warn("Missing numbers: {}", gap);
    } else if (gap.state() != State.DISMISSED) { // which is told with its reason
      log.info("Missing no more: {}", gap);
    }
    GapListener hears = listener;
    if (hears != null) {
      boolean named = gap.state() == State.GAP;
      threads.execute(() -> tell(named ? () -> hears.onGap(gap) : () -> hears.onChange(gap), gap));
    }
  }

  /** A producer that was not closed has fallen silent. */
  void tell(Silence silence) {
    log.warn("Nothing comes any more of a producer that was not closed: {}", silence);
    GapListener hears = listener;
    if (hears != null) {
      threads.execute(() -> tell(() -> hears.onSilence(silence), silence));
    }
  }

  private static void tell(Runnable listener, Record what) {
    try {
      listener.run();
    } catch (RuntimeException failure) {
      log.warn("The gap listener failed on {}", what, failure);
    }
  }

  /** Shows what is open, if that is not what was shown last. */
  void show(GapDetector detector, long now) {
    if (detector.changes() != shown && now - shownAt >= SHOW_EVERY_MILLIS) {
      shown = detector.changes();
      shownAt = now;
      view.show(detector.open());
    }
  }

  /** What was open is not ours to show any more. */
  void showNothing() {
    view.show(List.of());
  }
}
