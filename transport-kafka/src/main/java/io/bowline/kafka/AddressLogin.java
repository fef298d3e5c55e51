// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.BrokerAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User and password of an address as settings of Kafka's clients. The mechanism must be named,
 * since the broker is not asked for it, and a guess might show the password to the wrong one. Pure.
 */
final class AddressLogin {
  private static final String MECHANISM = "sasl.mechanism";
  private static final String PROTOCOL = "security.protocol";
  private static final String JAAS = "sasl.jaas.config";
  private static final String MODULES = "org.apache.kafka.common.security.";
  private static final Pattern OPTION =
      Pattern.compile("(\\w+)\\s*=\\s*[\"']((?:[^\"'\\\\]|\\\\.)*)[\"']");

  private AddressLogin() {}

  /**
   * The settings that a login in the address stands for; none without one. In the clear only if
   * that is asked for by {@code security.protocol=SASL_PLAINTEXT}.
   *
   * @throws IllegalArgumentException with the reason, as a clause, if they do not go with the
   *     user's own properties
   */
  static Map<String, String> settings(BrokerAddress address, Map<String, String> properties) {
    if (address.user().isEmpty() && address.password().isEmpty()) {
      return Map.of();
    }
    if (address.user().orElse("").isEmpty() || address.password().isEmpty()) {
      throw new IllegalArgumentException("a login in the address has a user and a password");
    }
    if (properties.containsKey(JAAS)) {
      throw new IllegalArgumentException(
          "it has a login and the property " + JAAS + ": use one of them");
    }
    Map<String, String> settings = new HashMap<>();
    String protocol = properties.getOrDefault(PROTOCOL, "SASL_SSL").trim().toUpperCase(Locale.ROOT);
    if (!protocol.startsWith("SASL_")) {
      throw new IllegalArgumentException(
          "it has a login, which "
              + PROTOCOL
              + "="
              + protocol
              + " does not send: use SASL_SSL, or SASL_PLAINTEXT where the network is trusted");
    }
    settings.put(PROTOCOL, protocol);
    String mechanism = properties.getOrDefault(MECHANISM, "").trim().toUpperCase(Locale.ROOT);
    settings.put(MECHANISM, mechanism);
    settings.put(
        JAAS,
        "%s%s required username=\"%s\" password=\"%s\";"
            .formatted(
                MODULES,
                module(mechanism),
                escaped(address.user().orElse("")),
                escaped(address.password().orElse(""))));
    return settings;
  }

  private static String module(String mechanism) {
    return switch (mechanism) {
      case "PLAIN" -> "plain.PlainLoginModule";
      case "SCRAM-SHA-256", "SCRAM-SHA-512" -> "scram.ScramLoginModule";
      default ->
          throw new IllegalArgumentException(
              "it has a login, so the property "
                  + MECHANISM
                  + " must say which kind: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN; for any other,"
                  + " set "
                  + JAAS
                  + " and leave the login out");
    };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** The quoted options of a JAAS configuration but the user's name, as written and as meant. */
  static List<String> secretsIn(String jaas) {
    List<String> secrets = new ArrayList<>();
    Matcher option = OPTION.matcher(jaas);
    while (option.find()) {
      if (!option.group(1).equals("username")) {
        secrets.add(option.group(2));
        secrets.add(option.group(2).replaceAll("\\\\(.)", "$1"));
      }
    }
    return secrets;
  }
}
