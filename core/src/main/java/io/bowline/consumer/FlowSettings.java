// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogListener;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.message.Received;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the holding back of messages, and the watch over it.
 *
 * @param perSecond the most calls of the handler in a second; infinite for no limit
 * @param lagEvery how long from one question for the group's backlog to the next
 * @param alarm who hears of a high backlog
 * @param shedding what is diverted while the backlog is high
 */
record FlowSettings(
    double perSecond,
    @Nullable CircuitBreaker breaker,
    Duration stuckAfter,
    Duration lagEvery,
    @Nullable Alarm alarm,
    @Nullable Shedding shedding) {

  /** What holds if nothing is said. */
  static final FlowSettings STANDARD =
      new FlowSettings(
          Double.POSITIVE_INFINITY,
          null,
          ConsumerBuilder.DEFAULT_STUCK_AFTER,
          ConsumerBuilder.DEFAULT_LAG_EVERY,
          null,
          null);

  /** Who hears of a high backlog. */
  record Alarm(BacklogPolicy policy, BacklogListener listener) {
    Alarm {
      Objects.requireNonNull(policy);
      Objects.requireNonNull(listener);
    }
  }

  /** What is diverted, when and where. */
  record Shedding(BacklogPolicy policy, Predicate<Received> choice, String topic) {
    Shedding {
      Objects.requireNonNull(policy);
      Objects.requireNonNull(choice);
    }
  }

  FlowSettings perSecond(double calls) {
    return new FlowSettings(calls, breaker, stuckAfter, lagEvery, alarm, shedding);
  }

  FlowSettings breaker(CircuitBreaker rule) {
    return new FlowSettings(perSecond, rule, stuckAfter, lagEvery, alarm, shedding);
  }

  FlowSettings stuckAfter(Duration longest) {
    return new FlowSettings(perSecond, breaker, longest, lagEvery, alarm, shedding);
  }

  FlowSettings lagEvery(Duration period) {
    return new FlowSettings(perSecond, breaker, stuckAfter, period, alarm, shedding);
  }

  FlowSettings alarm(Alarm told) {
    return new FlowSettings(perSecond, breaker, stuckAfter, lagEvery, told, shedding);
  }

  FlowSettings shedding(Shedding diverted) {
    return new FlowSettings(perSecond, breaker, stuckAfter, lagEvery, alarm, diverted);
  }
}
