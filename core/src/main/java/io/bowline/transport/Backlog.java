// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a topic holds for a group that has not acknowledged it, as the broker said at one moment.
 * Immutable. Members at work change it at once, so two answers differ, and the lanes of one answer
 * need not be of the very same moment.
 *
 * @param topic the topic
 * @param group the group
 * @param messages how many messages in all lanes
 * @param lanes the same by lane, every lane in it; empty where the broker does not count by lane,
 *     as RocketMQ
 * @param quality what the numbers are worth
 * @param age how long ago the broker stored the oldest of them; empty where it does not tell, and
 *     where nothing is left
 */
public record Backlog(
    String topic,
    String group,
    long messages,
    Map<Integer, Long> lanes,
    Quality quality,
    Optional<Duration> age) {

  /** What a number of messages is worth. */
  public enum Quality {
    /** So many. */
    EXACT,
    /**
     * So many or fewer: the broker counts places from the first that is not acknowledged to the
     * last, also those in which no message is and those that were acknowledged before their turn.
     * At 0 there is nothing.
     */
    AT_MOST,
    /** So many or more: the broker does not count what is with members at the moment. */
    AT_LEAST,
    /** May be more and may be fewer. */
    ESTIMATE,
    /** Nothing is known. No broker's answer has it: what cannot be told is refused instead. */
    UNKNOWN
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a number or the age is negative, the lanes, if there are
   *     any, do not add up to the messages, or the quality is UNKNOWN
   */
  public Backlog {
    lanes = Collections.unmodifiableMap(new TreeMap<>(lanes));
    long sum = lanes.values().stream().mapToLong(Long::longValue).sum();
    boolean negative = messages < 0 || lanes.values().stream().anyMatch(left -> left < 0);
    if (negative || age.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("A backlog is not negative: " + messages + " " + lanes);
    }
    if (quality == Quality.UNKNOWN) {
      throw new IllegalArgumentException("A backlog of unknown quality is no answer: " + messages);
    }
    if (!lanes.isEmpty() && sum != messages) {
      throw new IllegalArgumentException("Lanes " + lanes + " do not add up to " + messages);
    }
  }

  /** A backlog counted by lane; of no known age. */
  public static Backlog ofLanes(
      String topic, String group, Map<Integer, Long> lanes, Quality quality) {
    long sum = lanes.values().stream().mapToLong(Long::longValue).sum();
    return new Backlog(topic, group, sum, lanes, quality, Optional.empty());
  }

  /** A backlog that was not counted by lane; of no known age. */
  public static Backlog ofAll(String topic, String group, long messages, Quality quality) {
    return new Backlog(topic, group, messages, Map.of(), quality, Optional.empty());
  }

  /** The same with the age of its oldest message. */
  public Backlog age(Duration oldest) {
    return new Backlog(topic, group, messages, lanes, quality, Optional.of(oldest));
  }
}
