// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.concurrent.TimeUnit;

/**
 * How many may begin in a second: tokens come at a steady rate, and unused ones are kept up to the
 * burst. In any span there are never more beginnings than its share of the rate plus one burst.
 * Pure; not thread-safe.
 */
final class TokenBucket {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The burst is what comes in this share of a second, but at least 1. */
  private static final double BURST_SHARE = 0.1;

  private final double perNano;
  private final double burst;
  private double tokens;
  private long filledAt;

  /** Full at this moment, in nanoseconds. */
  TokenBucket(double perSecond, long now) {
    perNano = perSecond / SECOND;
    burst = Math.max(1, perSecond * BURST_SHARE);
    tokens = burst;
    filledAt = now;
  }

  double burst() {
    return burst;
  }

  /** How long until one may begin, in nanoseconds; 0 if one may begin now. */
  long untilNext(long now) {
    fill(now);
    return tokens >= 1 ? 0 : Math.max(1, (long) Math.ceil((1 - tokens) / perNano));
  }

  /** One begins, after {@link #untilNext} was 0. */
  void take(long now) {
    fill(now);
    tokens -= 1;
  }

  private void fill(long now) {
    long passed = now - filledAt;
    if (passed > 0) {
      tokens = Math.min(burst, tokens + passed * perNano);
      filledAt = now;
    }
  }
}
