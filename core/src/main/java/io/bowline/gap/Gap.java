// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import java.time.Instant;

/**
 * Numbers of one key that did not arrive although a later one did.
 *
 * @param topic the topic
 * @param group the group that misses them
 * @param source the producer's stable name
 * @param epoch the producer's incarnation
 * @param key the key
 * @param from the first missing number
 * @param to the last missing number; at least {@code from}
 * @param since when a later number arrived
 */
public record Gap(
    String topic,
    String group,
    String source,
    long epoch,
    String key,
    long from,
    long to,
    Instant since) {

  /** All that is needed to search the producer's log. */
  @Override
  public String toString() {
    return "Gap[topic="
        + topic
        + ", group="
        + group
        + ", source="
        + source
        + ", epoch="
        + Long.toHexString(epoch)
        + ", key="
        + key
        + ", missing="
        + from
        + (to == from ? "" : ".." + to)
        + ", since="
        + since
        + "]";
  }
}
