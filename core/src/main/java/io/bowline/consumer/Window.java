// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;

/**
 * How long what took effect may come again, as far as the user knows it.
 *
 * @param redelivered from the broker, or once more from its producer
 * @param replayed from the dead letters, or where it was shed to
 */
record Window(Duration redelivered, Duration replayed) {
  /** What holds if nothing is said. */
  static final Window STANDARD =
      new Window(ConsumerBuilder.DEFAULT_REDELIVERED_FOR, ConsumerBuilder.DEFAULT_REPLAYED_FOR);

  Window redelivered(Duration longest) {
    return new Window(longest, replayed);
  }

  Window replayed(Duration longest) {
    return new Window(redelivered, longest);
  }
}
