// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.message.Names;
import java.util.List;

/**
 * A topic as it should be.
 *
 * @param topic its name
 * @param lanes how many lanes, from 1 to 1024; the unit of order and of sharing among members
 * @param groups the groups that must receive every message from now on, also before their first
 *     member starts
 */
public record TopicSpec(String topic, int lanes, List<String> groups) {
  /** The number of lanes of a topic for which none was asked. */
  public static final int DEFAULT_LANES = 8;

  /** The most lanes a topic may have. */
  public static final int MAX_LANES = 1024;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a name is blank or the lanes are out of bounds
   */
  public TopicSpec {
    Names.required("topic", topic);
    groups.forEach(group -> Names.required("group", group));
    groups = List.copyOf(groups);
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException(
          "A topic has 1 to " + MAX_LANES + " lanes, but " + lanes + " were asked for");
    }
  }

  /** A topic of {@value #DEFAULT_LANES} lanes without groups. */
  public static TopicSpec of(String topic) {
    return new TopicSpec(topic, DEFAULT_LANES, List.of());
  }

  /** The same with this many lanes. */
  public TopicSpec lanes(int lanes) {
    return new TopicSpec(topic, lanes, groups);
  }

  /** The same with these groups. */
  public TopicSpec groups(String... groups) {
    return new TopicSpec(topic, lanes, List.of(groups));
  }
}
