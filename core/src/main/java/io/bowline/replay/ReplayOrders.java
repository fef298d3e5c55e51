// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import java.time.Duration;

/**
 * How far a run goes.
 *
 * @param limit how many letters it replays at most
 * @param dryRun whether it only looks
 * @param quiet how long nothing new comes before the end is taken to be reached
 * @param firstSign the same, until a first lane or letter was seen
 * @param mostLooked how many letters a dry run looks at
 */
record ReplayOrders(
    int limit, boolean dryRun, Duration quiet, Duration firstSign, int mostLooked) {}
