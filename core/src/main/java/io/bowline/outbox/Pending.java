// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.time.Duration;

/**
 * What waits in an outbox.
 *
 * @param rows how many messages wait, those of parked keys included; counted up to {@link
 *     #MOST_COUNTED}
 * @param oldest for how long the oldest waits whose key is not parked; zero if there is none
 * @param parked how many keys, and messages without key, are parked
 */
public record Pending(long rows, Duration oldest, int parked) {
  /** No more rows are counted than 10,000,000. */
  public static final long MOST_COUNTED = 10_000_000;
}
