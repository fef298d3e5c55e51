// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * Reserves numbers, each once for ever, for all processes that share a counter.
 *
 * <p>An implementation is thread-safe and bounds its own waits; what it cannot do it throws.
 * Numbers that were reserved and not used are lost. The kit {@code IdBlocksConformance} of the
 * testkit says whether one is right.
 */
@FunctionalInterface
public interface IdBlocks {

  /**
   * Reserves numbers in a row that nobody had and nobody else will have, greater than all that this
   * object reserved before.
   *
   * @param most from 1 to 1,000,000; there may be fewer in the answer, and never none
   * @throws RuntimeException if that could not be done; they may be reserved all the same, and are
   *     lost then
   */
  IdBlock reserve(int most);
}
