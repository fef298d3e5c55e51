// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import java.util.Optional;

/**
 * What a producer writes into a lane among its messages, if it was asked to: how far the lane is
 * promised, so that the loss of its last messages is seen without a later one. It is the one header
 * {@value #HEADER} of a record without key, stamp and body; no handler gets it.
 *
 * @param source the producer's stable name
 * @param epoch the producer's incarnation
 * @param lane what the next message of the lane would have said, its number included, which that
 *     one still gets
 * @param at when it was written, by the producer's clock, in milliseconds since 1970
 * @param withinMillis another one follows within so many milliseconds, unless this is the last
 * @param last whether the producer was closed: its chain ends
 */
public record Watermark(
    String source, long epoch, LaneNumber lane, long at, long withinMillis, boolean last) {

  /** The header's name, the same on every broker. */
  public static final String HEADER = "bowline-watermark";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the source is blank, the epoch or the moment is negative,
   *     or the time is not at least 1 ms
   */
  public Watermark {
    Names.required("source", source);
    if (epoch < 0 || at < 0 || withinMillis < 1) {
      throw new IllegalArgumentException(
          "0 <= epoch, 0 <= at and 1 <= within must hold, but epoch="
              + epoch
              + " at="
              + at
              + " within="
              + withinMillis);
    }
  }

  /** The header's value. */
  public String text() {
    return StampCodec.watermark(this);
  }

  /** The watermark in a header's value; empty if it is none that this version can read. */
  public static Optional<Watermark> read(String value) {
    return StampCodec.fields(value, StampFields::watermark);
  }

  /** Whether a message is a watermark, be it readable or not. */
  public static boolean is(Received message) {
    return message.stamp().isEmpty() && message.headers().containsKey(HEADER);
  }

  /** The watermark that arrived; empty if it is none that this version can read. */
  public static Optional<Watermark> in(Received message) {
    String value = message.headers().get(HEADER);
    return value == null ? Optional.empty() : read(value);
  }
}
