// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the holding back of messages, and the watch over it.
 *
 * @param perSecond the most calls of the handler in a second; infinite for no limit
 * @param lagEvery how long from one question for the group's lag to the next
 */
record FlowSettings(
    double perSecond, @Nullable CircuitBreaker breaker, Duration stuckAfter, Duration lagEvery) {

  /** What holds if nothing is said. */
  static final FlowSettings STANDARD =
      new FlowSettings(
          Double.POSITIVE_INFINITY,
          null,
          ConsumerBuilder.DEFAULT_STUCK_AFTER,
          ConsumerBuilder.DEFAULT_LAG_EVERY);

  FlowSettings perSecond(double calls) {
    return new FlowSettings(calls, breaker, stuckAfter, lagEvery);
  }

  FlowSettings breaker(CircuitBreaker rule) {
    return new FlowSettings(perSecond, rule, stuckAfter, lagEvery);
  }

  FlowSettings stuckAfter(Duration longest) {
    return new FlowSettings(perSecond, breaker, longest, lagEvery);
  }

  FlowSettings lagEvery(Duration period) {
    return new FlowSettings(perSecond, breaker, stuckAfter, period);
  }
}
