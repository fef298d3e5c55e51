// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What exchanges and queues are called; see {@code docs/transport-rabbitmq.md}. */
final class RabbitNames {
  /** AMQP carries names and routing keys as strings of one length byte. */
  static final int MAX_BYTES = 255;

  private static final Pattern RESERVED = Pattern.compile(".*\\.(lanes|lane-\\d+)", Pattern.DOTALL);

  /** Of all lanes that a topic of ours can have. */
  private static final String[] ROUTING_KEYS =
      IntStream.range(0, TopicSpec.MAX_LANES).mapToObj(Integer::toString).toArray(String[]::new);

  private RabbitNames() {}

  /**
   * The queue of one lane of a group. A dot or percent sign in the group is escaped: else group
   * {@code b.c} of topic {@code a} and group {@code c} of topic {@code a.b} would share a queue.
   */
  static String queue(String topic, String group, int lane) {
    return prefix(topic, group) + lane;
  }

  /** The queue whose consumers are the members of the group. */
  static String members(String topic, String group) {
    return prefix(topic, group) + "members";
  }

  private static String prefix(String topic, String group) {
    return topic + "." + group.replace("%", "%25").replace(".", "%2E") + ".";
  }

  /** The exchange whose existence says that the topic has this lane. */
  static String marker(String topic, int lane) {
    return topic + ".lane-" + lane;
  }

  /** The exchange that can be declared with one number of lanes only. */
  static String claim(String topic) {
    return topic + ".lanes";
  }

  static String routingKey(int lane) {
    return lane >= 0 && lane < ROUTING_KEYS.length ? ROUTING_KEYS[lane] : Integer.toString(lane);
  }

  /**
   * Checks that all names made from a topic and a group can exist.
   *
   * @throws TransportException REFUSED
   */
  static void check(String topic, String group) {
    int longest = Math.max(bytes(claim(topic)), bytes(members(topic, group)));
    if (longest > MAX_BYTES || bytes(marker(topic, 1000)) > MAX_BYTES) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic '%s' with group '%s' makes names of more than %d bytes, which AMQP cannot carry;"
                  .formatted(topic, group, MAX_BYTES)
              + " choose shorter ones");
    }
  }

  /**
   * Checks that a topic may be made.
   *
   * @throws TransportException REFUSED if it is named like something Bowline makes for a topic
   */
  static void checkNew(String topic) {
    if (RESERVED.matcher(topic).matches()) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic '%s': names ending in .lanes or .lane-<number> mark the lanes of other topics;"
                  .formatted(topic)
              + " choose another");
    }
  }

  /** Whether AMQP can carry this as a name. Three bytes a character is the most in UTF-8. */
  static boolean fits(String text) {
    return text.length() <= MAX_BYTES / 3 || bytes(text) <= MAX_BYTES;
  }

  static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
