// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * A worker id for a while. Times of the clock are milliseconds since the epoch of the ids.
 *
 * @param floor the tick above which it is used
 * @param upTo the last millisecond of the clock at which it is used
 * @param endNanos when it ends, on the machine's steady counter
 */
record WorkerHold(int worker, long floor, long upTo, long endNanos) {}
