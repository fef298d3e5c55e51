// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Names;
import java.time.Duration;

/** What a user may set a bound to. */
final class Bound {
  private static final double MAX_RATE = 1_000_000;

  private Bound() {}

  static int positive(String what, int value) {
    return (int) positive(what, (long) value);
  }

  static long positive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("A " + what + " is at least 1, but it was " + value);
    }
    return value;
  }

  static Duration positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(what + " is above 0, but it was " + value);
    }
    return value;
  }

  static Duration notNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + " is at least 0, but it was " + value);
    }
    return value;
  }

  /** A topic for copies, which must not be the one they come from. */
  static String otherTopic(String what, String consumed, String named) {
    if (Names.required(what, named).equals(consumed)) {
      throw new IllegalArgumentException(
          "The %s of %s cannot be %s itself: what goes there would come back"
              .formatted(what, consumed, consumed));
    }
    return named;
  }

  static double rate(double perSecond) {
    if (!(perSecond > 0 && perSecond <= MAX_RATE)) {
      throw new IllegalArgumentException(
          "A rate limit is above 0 and at most 1,000,000 a second, but it was " + perSecond);
    }
    return perSecond;
  }
}
