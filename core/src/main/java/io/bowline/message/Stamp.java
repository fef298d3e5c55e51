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
   * @param voided how many numbers will never arrive, since what bore them was given up; 0 almost
   *     always
   * @param lastVoided the last of these numbers: the one before this, unless several messages of
   *     the key were under way at once
   * @param first whether the producer knows of no earlier message of this key: a consumer starts
   *     here, and asks for nothing before it
   */
  public record KeyNumber(long sequence, long voided, long lastVoided, boolean first) {

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException unless {@code 0 <= voided <= lastVoided < sequence}
     */
    public KeyNumber {
      lastVoided = voided == 0 ? sequence - 1 : lastVoided;
      if (voided < 0 || voided > lastVoided || lastVoided >= sequence) {
        throw new IllegalArgumentException(
            "0 <= voided <= lastVoided < sequence must hold, but voided="
                + voided
                + " lastVoided="
                + lastVoided
                + " sequence="
                + sequence);
      }
    }

    /**
     * A number with what is voided directly before it.
     *
     * @throws IllegalArgumentException unless {@code 0 <= voided < sequence}
     */
    public KeyNumber(long sequence, long voided, boolean first) {
      this(sequence, voided, sequence - 1, first);
    }

    /** The first voided number; above {@link #lastVoided} if none is. */
    public long firstVoided() {
      return lastVoided - voided + 1;
    }
  }
}
