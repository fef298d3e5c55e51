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
 * @param lane the message's number in the chain of its lane, or null if its producer gives none
 * @param digest what {@link Digest} says of its body, or {@value #NO_DIGEST} if it is not told
 */
public record Stamp(
    String id,
    String source,
    long epoch,
    @Nullable KeyNumber number,
    @Nullable LaneNumber lane,
    long digest) {

  /** Stands for a digest that is not told. */
  public static final long NO_DIGEST = -1;

  private static final long LARGEST_DIGEST = 0xffff_ffffL;

  /**
   * A stamp without number in its lane and without digest.
   *
   * @throws IllegalArgumentException if the id or the source is blank, or the epoch is negative
   */
  public Stamp(String id, String source, long epoch, @Nullable KeyNumber number) {
    this(id, source, epoch, number, null, NO_DIGEST);
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the id or the source is blank, the epoch is negative, or
   *     the digest has more than 32 bits
   */
  public Stamp {
    Names.required("message id", id);
    Names.required("source", source);
    if (epoch < 0) {
      throw new IllegalArgumentException("An epoch is not negative, but it was " + epoch);
    }
    if (digest < NO_DIGEST || digest > LARGEST_DIGEST) {
      throw new IllegalArgumentException("A digest has 32 bits, but it was " + digest);
    }
  }

  /** The message's number among those of its key; empty for a message without key. */
  public Optional<KeyNumber> keyNumber() {
    return Optional.ofNullable(number);
  }

  /** The message's number in the chain of its lane; empty if its producer gives none. */
  public Optional<LaneNumber> laneNumber() {
    return Optional.ofNullable(lane);
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
