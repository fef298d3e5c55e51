// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import java.util.List;

/**
 * A message's place in the chain of its lane: 1, 2, 3 … over all messages of one (source, epoch,
 * topic, lane), in the order of the first hand-over. It is what losses are found by.
 *
 * @param lane the lane that the producer chose, from 0
 * @param sequence the number, from 1
 * @param open how many numbers directly before this one are not promised: from the first on that
 *     had no outcome yet when this message was handed over. Whatever is before them was stored
 *     ahead of this message, or will never be missed
 * @param voided numbers that may never arrive and are not to be missed, ascending; at most {@value
 *     #MAX_VOIDED} ranges, none almost always
 * @param opens the first number of the chain, as long as the producer knows of no message that said
 *     so and was confirmed; 0 later. Above 1 the chain begins anew there: nothing before is asked
 *     for
 * @param previousEpoch the epoch of the source that this one follows, beside {@code opens} where
 *     the producer knows it; else {@value #NOT_KNOWN}
 */
public record LaneNumber(
    int lane, long sequence, long open, List<Range> voided, long opens, long previousEpoch) {

  /** The most ranges that one message names. */
  public static final int MAX_VOIDED = 4;

  /** Stands for a previous epoch that the producer does not know. */
  public static final long NOT_KNOWN = -1;

  /** Numbers from the first to the last, both included. */
  public record Range(long from, long to) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException unless {@code 1 <= from <= to}
     */
    public Range {
      if (from < 1 || from > to) {
        throw new IllegalArgumentException(
            "1 <= from <= to must hold, but from=" + from + " to=" + to);
      }
    }
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the lane is negative, the number is less than 1, or what is
   *     told of others is not about numbers below it
   */
  public LaneNumber {
    if (lane < 0 || open < 0 || open >= sequence || opens < 0 || opens > sequence) {
      throw new IllegalArgumentException(
          "0 <= lane, 0 <= open < sequence and 0 <= opens <= sequence must hold, but lane="
              + lane
              + " sequence="
              + sequence
              + " open="
              + open
              + " opens="
              + opens);
    }
    if (previousEpoch < NOT_KNOWN) {
      throw new IllegalArgumentException("An epoch is not negative, but was " + previousEpoch);
    }
    if (!voided.isEmpty()) {
      voided = ascending(voided, sequence);
    }
  }

  private static List<Range> ascending(List<Range> ranges, long sequence) {
    long before = 0;
    for (Range range : ranges) {
      if (range.from <= before || range.to >= sequence || ranges.size() > MAX_VOIDED) {
        throw new IllegalArgumentException(
            "At most "
                + MAX_VOIDED
                + " voided ranges, ascending and below "
                + sequence
                + ", can be told, but they were "
                + ranges);
      }
      before = range.to;
    }
    return List.copyOf(ranges);
  }

  /** A number whose predecessors all have their outcome. */
  public static LaneNumber of(int lane, long sequence) {
    return new LaneNumber(lane, sequence, 0, List.of(), 0, NOT_KNOWN);
  }

  /** The same number, which tells nothing of others. */
  public LaneNumber promisingNothing() {
    return new LaneNumber(lane, sequence, sequence - 1, List.of(), 0, NOT_KNOWN);
  }

  /** The last number such that it and all before it are promised: not to be missed in vain. */
  public long promised() {
    return sequence - 1 - open;
  }
}
