// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;
import java.util.Optional;

/**
 * How long what took effect may come again, as far as it is known.
 *
 * @param redelivered from the broker, or once more from its producer
 * @param replayed from the dead letters, or where it was shed to
 * @param audited whether the broker told the first, and not the user
 */
record Window(Duration redelivered, Duration replayed, boolean audited) {
  /** What holds if nothing is said. */
  static final Window STANDARD =
      new Window(ConsumerBuilder.DEFAULT_REDELIVERED_FOR, ConsumerBuilder.DEFAULT_REPLAYED_FOR);

  /** As the user says. */
  Window(Duration redelivered, Duration replayed) {
    this(redelivered, replayed, false);
  }

  /** With what the topic keeps, if that is known and longer than what the user said. */
  Window kept(Optional<Duration> retention) {
    return retention
        .filter(kept -> kept.compareTo(redelivered) > 0)
        .map(kept -> new Window(kept, replayed, true))
        .orElse(this);
  }

  Window redelivered(Duration longest) {
    return new Window(longest, replayed);
  }

  Window replayed(Duration longest) {
    return new Window(redelivered, longest);
  }
}
