// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.message.Names;
import java.time.Instant;

/**
 * How much a source had sent by a moment: all numbers of a chain up to {@code number} were
 * confirmed, or will never be missed.
 *
 * @param chain whose numbers they are
 * @param number the last of them; 0 for none yet
 * @param at when its producer knew that, by the producer's clock
 */
public record SentMark(SentChain chain, long number, Instant at) {

  /**
   * The numbers of one producer's incarnation in one lane.
   *
   * @param topic the topic
   * @param lane the lane
   * @param source the producer's stable name
   * @param epoch the producer's incarnation
   */
  public record SentChain(String topic, int lane, String source, long epoch) {
    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if the topic or the source is blank
     */
    public SentChain {
      Names.required("topic", topic);
      Names.required("source", source);
    }
  }

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SentMark {
    if (number < 0) {
      throw new IllegalArgumentException("A number is not negative, but it was " + number);
    }
  }
}
