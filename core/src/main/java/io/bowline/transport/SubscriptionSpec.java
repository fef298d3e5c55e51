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
 */
public record SubscriptionSpec(String topic, String group, int maxUnsettled) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if topic or group is blank, or the bound is less than 1
   */
  public SubscriptionSpec {
    Names.required("topic", topic);
    Names.required("group", group);
    if (maxUnsettled < 1) {
      throw new IllegalArgumentException(
          "maxUnsettled must be at least 1, but it was " + maxUnsettled);
    }
  }
}
