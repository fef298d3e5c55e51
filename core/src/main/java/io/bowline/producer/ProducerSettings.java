// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.id.MessageIds;
import io.bowline.retry.Retry;
import io.bowline.retry.SteadyClock;
import java.time.Duration;

/** What a builder collected. */
record ProducerSettings(
    String source,
    MessageIds ids,
    Retry retry,
    Duration deadline,
    Duration confirmTimeout,
    Duration maxBlock,
    Window window,
    Order order) {

  /** The bounds of what is unresolved. */
  record Window(int messages, long bytes) {}

  /** A try that begins within this many nanoseconds of acceptance ends before the deadline. */
  long lastTryNanos() {
    return SteadyClock.nanos(deadline.minus(confirmTimeout));
  }
}
