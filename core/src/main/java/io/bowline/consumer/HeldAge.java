// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.id.UuidV7Ids;
import io.bowline.message.Stamp;
import java.time.Clock;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How old the oldest message in memory is, by the time in its id; that of a message whose id has no
 * time is not known. Only the fronts of lanes are looked at, since those are the oldest. Told by
 * the polling thread, read by any.
 */
final class HeldAge {
  private static final long NOTHING_HELD = Long.MAX_VALUE;
  private static final long NOT_KNOWN = Long.MIN_VALUE;

  private final Clock clock;

  /** When the oldest was born, in milliseconds since 1970. */
  private volatile long born = NOTHING_HELD;

  HeldAge(Clock clock) {
    this.clock = clock;
  }

  /** Looks through what is held now. */
  void look(HeldWork held) {
    long oldest = NOTHING_HELD;
    boolean known = false;
    for (LaneWork lane : held.all()) {
      OptionalLong time = bornAt(lane.oldest());
      if (time.isPresent()) {
        known = true;
        oldest = Math.min(oldest, time.getAsLong());
      }
    }
    born = known || held.messages() == 0 ? oldest : NOT_KNOWN;
  }

  /** In milliseconds since 1970, if its id tells. */
  static OptionalLong bornAt(@Nullable Work work) {
    return work == null
        ? OptionalLong.empty()
        : work.message.stamp().map(Stamp::id).map(UuidV7Ids::millis).orElse(OptionalLong.empty());
  }

  /** In seconds, 0 if nothing is held; not a number if it is not known. */
  double seconds() {
    long time = born;
    if (time == NOTHING_HELD) {
      return 0;
    }
    return time == NOT_KNOWN ? Double.NaN : Math.max(0, clock.millis() - time) / 1_000.0;
  }
}
