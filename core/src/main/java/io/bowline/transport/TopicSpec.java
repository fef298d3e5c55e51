// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.message.Names;
import java.util.List;
import java.util.Optional;

/**
 * A topic as it should be.
 *
 * @param topic its name
 * @param lanes how many lanes, from 1 to 1024; the unit of order and of sharing among members
 * @param groups the groups that must receive every message from now on, also before their first
 *     member starts
 * @param deadLetters the topic that keeps what the groups cannot handle, to be made as well
 */
public record TopicSpec(
    String topic, int lanes, List<String> groups, Optional<String> deadLetters) {
  /** The number of lanes of a topic for which none was asked. */
  public static final int DEFAULT_LANES = 8;

  /** The most lanes a topic may have. */
  public static final int MAX_LANES = 1024;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a name is blank, the lanes are out of bounds, or the dead
   *     letters would lie in the topic itself
   */
  public TopicSpec {
    Names.required("topic", topic);
    groups.forEach(group -> Names.required("group", group));
    groups = List.copyOf(groups);
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException(
          "A topic has 1 to " + MAX_LANES + " lanes, but " + lanes + " were asked for");
    }
    deadLetters.ifPresent(dead -> Names.required("dead-letter topic", dead));
    if (deadLetters.filter(topic::equals).isPresent()) {
      throw new IllegalArgumentException(
          "Topic " + topic + " cannot keep its own dead letters: name another topic for them");
    }
  }

  /** A topic without dead letters. */
  public TopicSpec(String topic, int lanes, List<String> groups) {
    this(topic, lanes, groups, Optional.empty());
  }

  /** A topic of {@value #DEFAULT_LANES} lanes without groups. */
  public static TopicSpec of(String topic) {
    return new TopicSpec(topic, DEFAULT_LANES, List.of());
  }

  /** The same with this many lanes. */
  public TopicSpec lanes(int lanes) {
    return new TopicSpec(topic, lanes, groups, deadLetters);
  }

  /** The same with these groups. */
  public TopicSpec groups(String... groups) {
    return new TopicSpec(topic, lanes, List.of(groups), deadLetters);
  }

  /**
   * The same with a topic for dead letters. It gets one lane if it is not there yet, settings as
   * safe as the topic's, and for each group the one as which a replay reads: so dead letters are
   * kept from the first one on. Several topics may share one.
   */
  public TopicSpec deadLetters(String topic) {
    return new TopicSpec(this.topic, lanes, groups, Optional.of(topic));
  }

  /**
   * The group as which a replay of a group's dead letters reads them: {@code <group>.replay}. Where
   * a group gets only what was sent after it was made, as on RabbitMQ, it is made with the topic of
   * the dead letters.
   */
  public static String replayGroup(String group) {
    return group + ".replay";
  }

  /** The topic of the dead letters, if there is to be one. */
  Optional<TopicSpec> ofDeadLetters() {
    List<String> readers = groups.stream().map(TopicSpec::replayGroup).toList();
    return deadLetters.map(dead -> new TopicSpec(dead, 1, readers));
  }
}
