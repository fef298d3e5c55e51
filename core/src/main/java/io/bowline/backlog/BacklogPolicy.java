// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import java.time.Duration;

/**
 * From when on a backlog is high, by messages or by age, and from when on it is not any more. The
 * two differ, so that a backlog that hovers about a threshold does not cross it again and again.
 * Immutable.
 *
 * @param above it is high with more messages than this; {@link Long#MAX_VALUE} for any number
 * @param below it is low again with no more messages than this, half of {@code above} by default
 * @param olderThan it is high while the oldest message is older, as far as its age is known; {@link
 *     #NEVER} for any age
 * @param youngerThan it is low again with an oldest message no older than this, half of {@code
 *     olderThan} by default
 * @param drainWithin in what time the advice wants it drained, 10 min by default
 */
public record BacklogPolicy(
    long above, long below, Duration olderThan, Duration youngerThan, Duration drainWithin) {
  /** The default {@link #drainWithin}: 10 min. */
  public static final Duration DEFAULT_DRAIN_WITHIN = Duration.ofMinutes(10);

  /** An age that no message has. */
  public static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException unless {@code 0 <= below <= above}, {@code 0 <= youngerThan <=
   *     olderThan}, one of {@code above} and {@code olderThan} is set, and {@code drainWithin > 0}
   */
  public BacklogPolicy {
    if (below < 0 || below > above) {
      throw new IllegalArgumentException(
          "0 <= below <= above must hold, but it was " + below + " and " + above);
    }
    if (youngerThan.isNegative() || youngerThan.compareTo(olderThan) > 0) {
      throw new IllegalArgumentException(
          "0 <= youngerThan <= olderThan must hold, but it was "
              + youngerThan
              + " and "
              + olderThan);
    }
    if (above == Long.MAX_VALUE && olderThan.equals(NEVER)) {
      throw new IllegalArgumentException("A backlog that is never high needs no policy");
    }
    if (drainWithin.isNegative() || drainWithin.isZero()) {
      throw new IllegalArgumentException("drainWithin is above 0, but it was " + drainWithin);
    }
  }

  /** High with more messages than this, and low again at half of it. */
  public static BacklogPolicy above(long messages) {
    return new BacklogPolicy(messages, messages / 2, NEVER, NEVER, DEFAULT_DRAIN_WITHIN);
  }

  /** High while the oldest message is older than this, and low again at half of it. */
  public static BacklogPolicy olderThan(Duration age) {
    return new BacklogPolicy(
        Long.MAX_VALUE, Long.MAX_VALUE, age, age.dividedBy(2), DEFAULT_DRAIN_WITHIN);
  }

  /** The same, and low again with no more messages than this. */
  public BacklogPolicy below(long messages) {
    return new BacklogPolicy(above, messages, olderThan, youngerThan, drainWithin);
  }

  /** The same, and high too while the oldest message is older than this; low at half of it. */
  public BacklogPolicy orOlderThan(Duration age) {
    return new BacklogPolicy(above, below, age, age.dividedBy(2), drainWithin);
  }

  /** The same, and low again with an oldest message no older than this. */
  public BacklogPolicy youngerThan(Duration age) {
    return new BacklogPolicy(above, below, olderThan, age, drainWithin);
  }

  /** The same, with advice for draining it in this time. */
  public BacklogPolicy drainWithin(Duration time) {
    return new BacklogPolicy(above, below, olderThan, youngerThan, time);
  }

  boolean isHigh(BacklogView view) {
    return view.messages().orElse(0) > above
        || view.age().filter(age -> age.compareTo(olderThan) > 0).isPresent();
  }

  /** What is not known is not low: an age that nobody tells, while something is left. */
  boolean isLow(BacklogView view) {
    long messages = view.messages().orElse(Long.MAX_VALUE);
    boolean young =
        messages == 0
            || olderThan.equals(NEVER)
            || view.age().filter(age -> age.compareTo(youngerThan) <= 0).isPresent();
    return messages <= below && young;
  }
}
