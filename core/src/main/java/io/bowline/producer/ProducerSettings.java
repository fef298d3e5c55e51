// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.id.MessageIds;
import io.bowline.report.SentLog;
import io.bowline.retry.Retry;
import io.bowline.retry.SteadyClock;
import io.bowline.sequence.KeySequences;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a builder collected. */
record ProducerSettings(
    String source,
    MessageIds ids,
    Retry retry,
    Duration deadline,
    Duration confirmTimeout,
    Duration maxBlock,
    Window window,
    Writing writing) {

  /**
   * How lanes are written.
   *
   * @param order how those of one key keep it
   * @param watermarks how often a lane's is looked after; zero for none
   * @param sent where it is written down how much was sent; null for nowhere
   * @param sequences what hands out the numbers of keys; null if each lane counts its own
   */
  record Writing(
      Order order, Duration watermarks, @Nullable SentTo sent, @Nullable KeySequences sequences) {}

  /** A log, and how often it is written. */
  record SentTo(SentLog log, Duration every) {}

  /** The bounds of what is unresolved. */
  record Window(int messages, long bytes) {}

  /** A try that begins within this many nanoseconds of acceptance ends before the deadline. */
  long lastTryNanos() {
    return SteadyClock.nanos(deadline.minus(confirmTimeout));
  }
}
