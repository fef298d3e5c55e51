// SPDX-License-Identifier: Apache-2.0
package io.bowline.sequence;

import java.time.Duration;
import java.util.List;

/**
 * Counts the messages of each key, 1, 2, 3 …, for all processes that send as one source, through
 * their restarts.
 *
 * <p>An implementation is thread-safe, bounds its waits, and throws what it cannot do. Each
 * (source, topic, key) has numbers of its own; of any length and any letters. The kit {@code
 * KeySequencesConformance} of the testkit says whether one is right.
 */
@FunctionalInterface
public interface KeySequences {
  /** The most numbers that are drawn by one call: 1,000. */
  int MOST_AT_ONCE = 1_000;

  /**
   * Draws the next number of each of these keys, all or none, in one go: who calls waits for one
   * answer, not for one a key. No number is ever drawn twice, and none is left out, but for those
   * of calls that failed.
   *
   * @param source the producers' stable name
   * @param keys at most {@link #MOST_AT_ONCE}; one that stands there several times gets as many
   *     numbers, in the order of the list
   * @param longest about how long it may take, at most; an implementation may round it up to a
   *     second, and has a bound of its own
   * @return as many numbers, in the order of the keys, each at least 1
   * @throws RuntimeException if that could not be done; the numbers may be drawn all the same, and
   *     nobody gets them then
   */
  List<Long> next(String source, List<SequenceKey> keys, Duration longest);

  /**
   * Whether the numbers that the last call on this thread gave are of messages which were sent
   * before and are sent again under them, as from what an outbox kept: such a number may be below
   * the last one of its key, and the next ones do not go on from it. False, unless it is said.
   */
  default boolean again() {
    return false;
  }
}
