// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A queue as the management API tells it. Immutable.
 *
 * @param type in lower case: quorum, classic, stream
 * @param arguments what it was declared with
 * @param policy what the policies that match it say
 * @param members the nodes that have a replica
 */
record QueueFacts(
    String name,
    String type,
    boolean durable,
    Map<String, Object> arguments,
    Map<String, Object> policy,
    List<String> members) {

  QueueFacts {
    type = type.toLowerCase(Locale.ROOT);
    arguments = Map.copyOf(arguments);
    policy = Map.copyOf(policy);
    members = List.copyOf(members);
  }

  /** What holds of a setting, by its name in policies: of two numbers the smaller one. */
  Optional<Object> setting(String name) {
    Object argument = arguments.get("x-" + name);
    Object policed = policy.get(name);
    if (argument instanceof Number one && policed instanceof Number other) {
      return Optional.of(Math.min(one.longValue(), other.longValue()));
    }
    return Optional.ofNullable(argument == null ? policed : argument);
  }

  boolean isQuorum() {
    return type.equals("quorum");
  }
}
