// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * Numbers in a row, reserved for whoever asked. Immutable.
 *
 * @param first at least 1
 * @param count at least 1
 */
public record IdBlock(long first, int count) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is less than 1, or the last number would be too large
   *     for 63 bits
   */
  public IdBlock {
    if (first < 1 || count < 1 || first > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          count + " numbers from " + first + " on: they are positive, and fit into 63 bits");
    }
  }
}
