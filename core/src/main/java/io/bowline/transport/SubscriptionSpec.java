// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.message.Names;

/**
 * What a member wants to read.
 *
 * @param topic the topic; it must exist
 * @param group the group that shares the messages; a new group starts with the oldest message the
 *     broker keeps for it
 * @param maxUnsettled the most deliveries this member will hold unsettled: a hint for prefetching,
 *     never exceeded by what {@link Subscription#poll} is asked for
 * @param maxSpan the most messages of a lane between its oldest unsettled one and the last handed
 *     out, where the broker keeps one position for a lane and so all of them come again after a
 *     crash. A lane at the bound is read no further, others are. Of no meaning where each message
 *     is acknowledged by itself.
 */
public record SubscriptionSpec(String topic, String group, int maxUnsettled, int maxSpan) {
  /** The {@link #maxSpan} where none is said: 100,000 messages. */
  public static final int DEFAULT_MAX_SPAN = 100_000;

  /** With {@link #DEFAULT_MAX_SPAN}. */
  public SubscriptionSpec(String topic, String group, int maxUnsettled) {
    this(topic, group, maxUnsettled, DEFAULT_MAX_SPAN);
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if topic or group is blank, or a bound is less than 1
   */
  public SubscriptionSpec {
    Names.required("topic", topic);
    Names.required("group", group);
    if (maxUnsettled < 1) {
      throw new IllegalArgumentException(
          "maxUnsettled must be at least 1, but it was " + maxUnsettled);
    }
    if (maxSpan < 1) {
      throw new IllegalArgumentException("maxSpan must be at least 1, but it was " + maxSpan);
    }
  }
}
