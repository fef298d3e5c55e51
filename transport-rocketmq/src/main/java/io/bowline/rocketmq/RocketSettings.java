// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an address and its options ask for, checked. Immutable. */
final class RocketSettings {
  static final int DEFAULT_PORT = 8081;

  /** A proxy hands out no more in one answer. */
  static final int MAX_BATCH = 32;

  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
  private static final Duration LONGEST_LEASE = Duration.ofHours(12);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "[::1]", "::1");

  /** Each option with its default; the docs explain them. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("namesrv", ""),
          Map.entry("cluster", ""),
          Map.entry("namespace", ""),
          Map.entry("token", ""),
          Map.entry("lanes", "64"),
          Map.entry("queues", "8"),
          Map.entry("invisible", "30s"),
          Map.entry("await", "5s"),
          Map.entry("receivers", "4"),
          Map.entry("ssl", "auto"),
          Map.entry("ssl.verify", "true"),
          Map.entry("ssl.trust.store", ""),
          Map.entry("ssl.trust.store.password", ""),
          Map.entry("ssl.trust.store.type", "PKCS12"));

  private final TransportConfig config;
  private final int lanes;
  private final int queues;
  private final int receivers;
  private final Duration invisible;
  private final Duration await;
  private final boolean ssl;
  private final boolean verified;

  private RocketSettings(TransportConfig config) {
    this.config = config;
    lanes = number("lanes", TopicSpec.MAX_LANES);
    queues = number("queues", TopicSpec.MAX_LANES);
    receivers = number("receivers", 64);
    invisible = duration("invisible", LONGEST_LEASE);
    await = duration("await", Duration.ofSeconds(20));
    ssl = ssl();
    verified = ssl && choice("ssl.verify", "true", "false").equals("true");
    if (!verified && trustStore().isPresent()) {
      throw refused("RocketMQ option 'ssl.trust.store' needs ssl=true and ssl.verify=true");
    }
    if (config.address().user().isPresent() && config.address().password().isEmpty()) {
      throw refused(
          "The address names an access key and no secret; expected rocketmq://key:secret@host");
    }
    if (config.address().user().isEmpty() && text("token").isPresent()) {
      throw refused("RocketMQ option 'token' needs an access key and a secret in the address");
    }
  }

  /**
   * Reads the options.
   *
   * @throws TransportException REFUSED if one is unknown or has no sense
   */
  static RocketSettings of(TransportConfig config) {
    for (String name : config.properties().keySet()) {
      if (!DEFAULTS.containsKey(name)) {
        throw refused(
            "RocketMQ option '" + name + "' is not known; known are " + new TreeSet<>(known()));
      }
    }
    return new RocketSettings(config);
  }

  private static Set<String> known() {
    return DEFAULTS.keySet();
  }

  /** The proxies as the client wants them: {@code host:port;host:port}. */
  String endpoints() {
    return String.join(";", config.address().hosts(DEFAULT_PORT));
  }

  BrokerAddress address() {
    return config.address();
  }

  /** The name servers as {@code host:port;host:port}, if the admin is to be used. */
  Optional<String> namesrv() {
    return text("namesrv").map(servers -> servers.replace(',', ';'));
  }

  /** The cluster in which topics are made; needed only where there are several. */
  Optional<String> cluster() {
    return text("cluster");
  }

  String namespace() {
    return text("namespace").orElse("");
  }

  /** The lanes of a topic for which the name server has no number. */
  int lanes() {
    return lanes;
  }

  /** How many queues a new topic gets on each broker. */
  int queues() {
    return queues;
  }

  /** How many threads of a subscription wait at the broker. */
  int receivers() {
    return receivers;
  }

  /** How long a received message stays ours without renewal. */
  Duration invisible() {
    return invisible;
  }

  /** How long one receive waits at the broker for a first message. */
  Duration await() {
    return await;
  }

  boolean sslEnabled() {
    return ssl;
  }

  /** Whether a proxy must prove by its certificate that it is the host of the address. */
  boolean verifiesCertificates() {
    return verified;
  }

  /** Who may sign the proxies' certificates; the JVM's authorities if nothing is named. */
  Optional<TrustStore> trustStore() {
    return text("ssl.trust.store")
        .map(
            file ->
                new TrustStore(
                    Path.of(file),
                    text("ssl.trust.store.password").orElse(""),
                    choice("ssl.trust.store.type", "PKCS12", "JKS", "PEM")));
  }

  /** A temporary access key's security token, a secret. */
  Optional<String> token() {
    return text("token");
  }

  /** For people. */
  String tls() {
    if (!ssl) {
      return "off";
    }
    return verified ? "on" : "on, certificates not verified";
  }

  BrokerEvents events() {
    return config.events();
  }

  Duration connectTimeout() {
    return config.connectTimeout();
  }

  Duration confirmTimeout() {
    return config.confirmTimeout();
  }

  /** The longest wait for one answer of a send. */
  Duration sendRequestTimeout() {
    return shorter(config.confirmTimeout(), LONGEST_REQUEST);
  }

  private Optional<String> text(String option) {
    String value = config.properties().getOrDefault(option, DEFAULTS.get(option));
    return Optional.ofNullable(value).map(String::strip).filter(given -> !given.isEmpty());
  }

  private int number(String option, int most) {
    String value = text(option).orElse("");
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw refused(
        "RocketMQ option '" + option + "' must be 1 to " + most + ", but it was '" + value + "'");
  }

  private Duration duration(String option, Duration most) {
    String value = text(option).orElse("");
    Matcher parts = DURATION.matcher(value);
    if (parts.matches()) {
      long amount = Long.parseLong(parts.group(1));
      Duration given =
          switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
          };
      if (given.toMillis() > 0 && given.compareTo(most) <= 0) {
        return given;
      }
    }
    throw refused(
        "RocketMQ option '%s' must be a time such as 500ms, 30s or 2m, at most %ds, but it was '%s'"
            .formatted(option, most.toSeconds(), value));
  }

  /** The client's default, TLS, unless nothing leaves this machine. */
  private boolean ssl() {
    return switch (choice("ssl", "true", "false", "auto")) {
      case "true" -> true;
      case "false" -> false;
      default -> !config.address().hosts(DEFAULT_PORT).stream().allMatch(RocketSettings::local);
    };
  }

  private String choice(String option, String... choices) {
    String value = text(option).orElse("");
    if (!List.of(choices).contains(value)) {
      throw refused(
          "RocketMQ option '%s' is one of %s, but it was '%s'"
              .formatted(option, List.of(choices), value));
    }
    return value;
  }

  private static boolean local(String hostAndPort) {
    return LOOPBACK.contains(hostAndPort.substring(0, hostAndPort.lastIndexOf(':')));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static TransportException refused(String message) {
    return new TransportException(Verdict.REFUSED, message);
  }
}
