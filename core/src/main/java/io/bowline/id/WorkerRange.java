// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * Worker ids, the first and the last one included. Immutable.
 *
 * @param first at least 0
 * @param last at most 1,023
 */
public record WorkerRange(int first, int last) {
  /** All worker ids that there are. */
  public static final WorkerRange ALL = new WorkerRange(0, SnowflakeBits.WORKERS - 1);

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if they are not from 0 to 1,023, or no worker id is between
   */
  public WorkerRange {
    if (first < 0 || last >= SnowflakeBits.WORKERS || first > last) {
      throw new IllegalArgumentException(
          "Worker ids from "
              + first
              + " to "
              + last
              + ": they lie between 0 and "
              + (SnowflakeBits.WORKERS - 1));
    }
  }
}
