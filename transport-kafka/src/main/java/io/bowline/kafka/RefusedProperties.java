// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Kafka's own properties that would break a promise of Bowline, each with the reason. */
final class RefusedProperties {
  private static final Map<String, Rule> RULES = rules();
  private static final int MAX_IN_FLIGHT = 5;

  private record Rule(Predicate<String> allowed, String reason) {}

  private RefusedProperties() {}

  /** Why this setting is refused; empty if it is fine. */
  static Optional<String> reason(String name, String value) {
    if (name.startsWith("partitioner.")) {
      return Optional.of("Bowline names the partition of each message itself, from its key");
    }
    Rule rule = RULES.get(name);
    if (rule == null || rule.allowed.test(value.trim().toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    return Optional.of(rule.reason);
  }

  /** The names that have a rule. */
  static Set<String> names() {
    return RULES.keySet();
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    producerRules(rules);
    consumerRules(rules);
    only(rules, "bootstrap.servers", Set.of(), "the hosts stand in the address: kafka://host:9092");
    only(rules, "bootstrap.controllers", Set.of(), "Bowline talks to brokers, not to controllers");
    return rules;
  }

  private static void producerRules(Map<String, Rule> rules) {
    only(
        rules,
        "acks",
        Set.of("all", "-1"),
        "a message is confirmed only once all in-sync replicas have it (acks=all)");
    only(
        rules,
        "enable.idempotence",
        Set.of("true"),
        "without it the client's own retries store messages twice and out of order");
    rules.put(
        "max.in.flight.requests.per.connection",
        new Rule(
            value -> isAtMost(value, MAX_IN_FLIGHT),
            "the broker keeps the order of at most 5 requests in flight"));
    only(
        rules,
        "delivery.timeout.ms",
        Set.of(),
        "it follows the confirm timeout: set Bowline's confirm timeout instead");
    only(
        rules,
        "max.block.ms",
        Set.of(),
        "a send never waits for the broker, so Bowline keeps this at a second or less");
    rules.put(
        "retries",
        new Rule(
            value -> !value.equals("0"),
            "an idempotent producer must try again by itself; the confirm timeout bounds it"));
    only(rules, "transactional.id", Set.of(), "Bowline does not use Kafka's transactions");
    String bytes =
        "Bowline writes and reads bytes, so that no message can fail to decode in a poll";
    only(rules, "key.serializer", Set.of(), bytes);
    only(rules, "value.serializer", Set.of(), bytes);
    only(rules, "key.deserializer", Set.of(), bytes);
    only(rules, "value.deserializer", Set.of(), bytes);
  }

  private static void consumerRules(Map<String, Rule> rules) {
    only(
        rules,
        "enable.auto.commit",
        Set.of("false"),
        "it acknowledges messages that were not processed");
    only(
        rules,
        "auto.offset.reset",
        Set.of("none"),
        "any reset skips or repeats messages in silence; Bowline starts a new group with the"
            + " oldest message and reports a position that is gone");
    only(
        rules,
        "allow.auto.create.topics",
        Set.of("false"),
        "a topic made by accident has the broker's default durability; use admin().ensure(…)");
    only(rules, "group.id", Set.of(), "name the group when you subscribe");
    only(
        rules,
        "group.instance.id",
        Set.of(),
        "all subscriptions of a transport would share it and fence each other");
    only(
        rules,
        "check.crcs",
        Set.of("true"),
        "without it a damaged message is handed to your code as if it were sound");
  }

  private static void only(Map<String, Rule> rules, String name, Set<String> fine, String reason) {
    rules.put(name, new Rule(fine::contains, reason));
  }

  private static boolean isAtMost(String value, int most) {
    try {
      return Integer.parseInt(value) <= most;
    } catch (NumberFormatException notANumber) {
      // The client says so better.
      return true;
    }
  }
}
