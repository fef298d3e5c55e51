// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a member holds of a lane: arrived and not settled. Immutable.
 *
 * @param messages how many messages
 * @param born when the oldest of them was made, in milliseconds since 1970, if its id tells
 */
public record HeldLane(int messages, OptionalLong born) {
  /** Nothing is held. */
  public static final HeldLane NOTHING = new HeldLane(0, OptionalLong.empty());

  /** How old the oldest is; never negative, whatever the sender's clock said. */
  public Optional<Duration> age(Instant now) {
    return born.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, now.toEpochMilli() - born.getAsLong())));
  }
}
