// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Bowline writes on a message, in the one header {@value StampCodec#HEADER}.
 *
 * @param id the message id, unique in the world
 * @param source the producer's stable name
 * @param epoch the producer's incarnation: a later one is greater
 * @param number the message's number among those of its key, or null if it has no key
 */
public record Stamp(String id, String source, long epoch, @Nullable KeyNumber number) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the id or the source is blank, or the epoch is negative
   */
  public Stamp {
    Names.required("message id", id);
    Names.required("source", source);
    if (epoch < 0) {
      throw new IllegalArgumentException("An epoch is not negative, but it was " + epoch);
    }
  }

  /** The message's number among those of its key; empty for a message without key. */
  public Optional<KeyNumber> keyNumber() {
    return Optional.ofNullable(number);
  }

  /**
   * A place in the sequence of one key of one (source, epoch, topic).
   *
   * @param sequence 1, 2, 3 … in the order of sending
   * @param voided how many numbers directly before this one will never arrive, since what bore them
   *     was given up; 0 almost always
   * @param first whether the producer knows of no earlier message of this key: a consumer starts
   *     here, and asks for nothing before it
   */
  public record KeyNumber(long sequence, long voided, boolean first) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException unless {@code 0 <= voided < sequence}
     */
    public KeyNumber {
      if (voided < 0 || voided >= sequence) {
        throw new IllegalArgumentException(
            "0 <= voided < sequence must hold, but voided=" + voided + " sequence=" + sequence);
      }
    }
  }
}
