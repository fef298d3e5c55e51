// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.regex.Pattern;

/**
 * Names as RocketMQ allows them: letters, digits, {@code _} and {@code -}. A dot, which every other
 * broker allows, is written as two dashes; a name without dots stays what it is.
 */
final class RocketNames {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final int LONGEST_TOPIC = 127;
  private static final int LONGEST_GROUP = 120;
  private static final String DOT = "--";

  private RocketNames() {}

  /**
   * A topic's name at the broker.
   *
   * @throws TransportException REFUSED if RocketMQ has no such name
   */
  static String topic(String topic) {
    return checked("topic", topic, LONGEST_TOPIC);
  }

  /**
   * A group's name at the broker.
   *
   * @throws TransportException REFUSED if RocketMQ has no such name
   */
  static String group(String group) {
    return checked("group", group, LONGEST_GROUP);
  }

  private static String checked(String what, String name, int longest) {
    String allowed = name.replace(".", DOT);
    if (!ALLOWED.matcher(allowed).matches() || allowed.length() > longest) {
      throw new TransportException(
          Verdict.REFUSED,
          "RocketMQ has no %s named '%s': 1 to %d letters, digits, dots, '_' and '-' are allowed"
                  .formatted(what, name, longest)
              + " (a dot counts twice)");
    }
    return allowed;
  }
}
