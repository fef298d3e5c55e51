// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Numbers that did not arrive although a later message says that they were stored.
 *
 * @param chain whose numbers they are
 * @param from the first missing number of the lane; 0 if the producer gives none, and then {@code
 *     keys} has the one key and its numbers
 * @param to the last missing number of the lane; at least {@code from}
 * @param keys the keys that miss numbers in that stretch of the lane, as far as a later message of
 *     theirs arrived; at most {@value #MAX_KEYS}
 * @param since when a later number arrived
 * @param state what is known of them
 */
public record Gap(
    Chain chain, long from, long to, List<KeyNumbers> keys, Instant since, State state) {

  /** The most keys that are named of one gap. */
  public static final int MAX_KEYS = 16;

  /** Makes the list unmodifiable. */
  public Gap {
    keys = List.copyOf(keys);
  }

  /**
   * The numbers of one producer's incarnation in one lane, as one group sees them.
   *
   * @param topic the topic
   * @param group the group
   * @param source the producer's stable name
   * @param epoch the producer's incarnation
   * @param lane the lane
   */
  public record Chain(String topic, String group, String source, long epoch, int lane) {}

  /**
   * Missing numbers of one key.
   *
   * @param key the key
   * @param from the first missing one
   * @param to the last missing one
   */
  public record KeyNumbers(String key, long from, long to) {
    @Override
    public String toString() {
      return key + ":" + range(from, to);
    }
  }

  /** What is known of missing numbers. */
  public enum State {
    /** They may still come: they are not promised yet, or not long enough. Never told. */
    SUSPECT,
    /** They are missing. */
    GAP,
    /** They came after all. */
    FILLED,
    /** Their producer gave them up, and learned too late to say so in time. */
    VOIDED,
    /** They were sent again under their numbers. */
    REPAIRED,
    /** An operator decided to miss them no more. */
    DISMISSED
  }

  /** The topic. */
  public String topic() {
    return chain.topic;
  }

  /** The group that misses them. */
  public String group() {
    return chain.group;
  }

  /** The producer's stable name. */
  public String source() {
    return chain.source;
  }

  /** The producer's incarnation. */
  public long epoch() {
    return chain.epoch;
  }

  /** The lane. */
  public int lane() {
    return chain.lane;
  }

  /** The key that misses them, if one is known; of several the one that was known first. */
  public Optional<String> key() {
    return keys.stream().map(KeyNumbers::key).findFirst();
  }

  /** All that is needed to search the producer's log. */
  @Override
  public String toString() {
    String named =
        keys.stream().map(KeyNumbers::toString).collect(Collectors.joining(",", ", keys=", ""));
    return "Gap["
        + state
        + ", topic="
        + chain.topic
        + ", group="
        + chain.group
        + ", source="
        + chain.source
        + ", epoch="
        + Long.toHexString(chain.epoch)
        + ", lane="
        + chain.lane
        + (from == 0 ? "" : ", missing=" + range(from, to))
        + (keys.isEmpty() ? "" : named)
        + ", since="
        + since
        + "]";
  }

  private static String range(long from, long to) {
    return to == from ? "" + from : from + ".." + to;
  }
}
