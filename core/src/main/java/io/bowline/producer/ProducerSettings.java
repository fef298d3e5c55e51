// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.id.MessageIds;
import io.bowline.retry.Retry;
import java.time.Duration;

/** What a builder collected. */
record ProducerSettings(
    String source,
    MessageIds ids,
    Retry retry,
    Duration deadline,
    Duration confirmTimeout,
    Duration maxBlock,
    int windowMessages,
    long windowBytes) {

  /** A try that begins within this time after the call of send ends before the deadline. */
  Duration lastTry() {
    return deadline.minus(confirmTimeout);
  }
}
