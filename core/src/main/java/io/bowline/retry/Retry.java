// SPDX-License-Identifier: Apache-2.0
package io.bowline.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often something is tried, and how long to wait between. The wait doubles from the first to
 * the longest back-off, and each is shortened at random by up to the jitter, so that many who
 * failed together do not return together. Immutable and pure.
 *
 * @param limit the most attempts, the first included; {@link Integer#MAX_VALUE} for no limit
 * @param first the wait after the first failure
 * @param longest the longest wait
 * @param jitter the share of a wait that chance may take off, from 0 to 1
 */
public record Retry(int limit, Duration first, Duration longest, double jitter) {
  /** The wait after the first failure, where none is said: 100 ms. */
  public static final Duration DEFAULT_FIRST = Duration.ofMillis(100);

  /** The longest wait, where none is said: 30 s. */
  public static final Duration DEFAULT_LONGEST = Duration.ofSeconds(30);

  /** The jitter, where none is said: a fifth. */
  public static final double DEFAULT_JITTER = 0.2;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException unless {@code limit >= 1}, {@code 0 < first <= longest} and
   *     {@code 0 <= jitter <= 1}
   */
  public Retry {
    if (limit < 1) {
      throw new IllegalArgumentException("At least 1 attempt is needed, but it was " + limit);
    }
    if (first.isNegative() || first.isZero() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "0 < first <= longest back-off must hold, but it was " + first + " and " + longest);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("A jitter is from 0 to 1, but it was " + jitter);
    }
  }

  /** At most this many attempts, the first included, with the default back-off and jitter. */
  public static Retry attempts(int limit) {
    return new Retry(limit, DEFAULT_FIRST, DEFAULT_LONGEST, DEFAULT_JITTER);
  }

  /** As often as it takes, with the default back-off and jitter. */
  public static Retry forever() {
    return attempts(Integer.MAX_VALUE);
  }

  /** The same with these waits. */
  public Retry backoff(Duration first, Duration longest) {
    return new Retry(limit, first, longest, jitter);
  }

  /** The same with this jitter. */
  public Retry jitter(double share) {
    return new Retry(limit, first, longest, share);
  }

  /** Whether another attempt is allowed after this many, all failed. */
  public boolean allowsAfter(int attempts) {
    return attempts < limit;
  }

  /** How long to wait after this many attempts, all failed; {@code attempts >= 1}. */
  public Duration delayAfter(int attempts, RandomGenerator random) {
    int doublings = Math.min(attempts - 1, 40);
    double full =
        Math.min(
            (double) SteadyClock.nanos(first) * Math.pow(2, doublings),
            (double) SteadyClock.nanos(longest));
    return Duration.ofNanos((long) (full * (1 - jitter * random.nextDouble())));
  }
}
