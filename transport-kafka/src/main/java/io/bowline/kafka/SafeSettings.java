// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the three clients: Bowline's own, and the user's where they break no promise. A
 * user's property goes to those clients that know it; one that none knows goes to all of them,
 * since a plug-in may read it. Immutable; never prints a value.
 */
final class SafeSettings {
  static final int DEFAULT_PORT = 9092;
  private static final Logger LOG = LoggerFactory.getLogger(SafeSettings.class);

  /** The longest a send may hold its caller, for room or for the topic's partitions. */
  private static final Duration MAX_BLOCK = Duration.ofMillis(100);

  /** Short enough to try another broker within the confirm timeout. */
  private static final Duration MAX_REQUEST = Duration.ofSeconds(10);

  private static final int MAX_POLL_RECORDS = 500;

  /** The client's default. */
  private static final int MAX_REQUEST_SIZE = 1 << 20;

  private final TransportConfig config;
  private final Map<String, String> user;

  private SafeSettings(TransportConfig config, Map<String, String> user) {
    this.config = config;
    this.user = user;
  }

  /**
   * Checks what the user set.
   *
   * @throws TransportException REFUSED for a property or a part of the address that would break a
   *     promise, saying why
   */
  static SafeSettings of(TransportConfig config) {
    if (!config.address().path().isEmpty()) {
      throw refused(config, "a kafka:// address has no path: remove what follows the hosts");
    }
    Map<String, String> user = new TreeMap<>(config.address().query());
    user.putAll(config.properties());
    user.forEach((name, value) -> check(config, name, value));
    try {
      user.putAll(AddressLogin.settings(config.address(), user));
    } catch (IllegalArgumentException e) {
      throw refused(config, e.getMessage());
    }
    return new SafeSettings(config, Map.copyOf(user));
  }

  private static void check(TransportConfig config, String name, String value) {
    Optional<String> reason = RefusedProperties.reason(name, value);
    if (reason.isPresent()) {
      String shown = isSecret(name) ? "" : "=" + value;
      throw refused(
          config, "property " + name + shown + ": " + reason.get() + ". Remove the property");
    }
    if (!knows(ProducerConfig.configNames(), name)
        && !knows(ConsumerConfig.configNames(), name)
        && !knows(AdminClientConfig.configNames(), name)) {
      LOG.warn(
          "Property {} is none that Kafka's clients know; it is passed on, since a plug-in may read"
              + " it. Check its spelling",
          name);
    }
  }

  private static boolean knows(Set<String> names, String name) {
    return names.contains(name);
  }

  private static TransportException refused(TransportConfig config, @Nullable String why) {
    return new TransportException(
        Verdict.REFUSED, "Cannot open " + config.address() + ", " + why + ".");
  }

  Map<String, Object> producer() {
    Map<String, Object> settings = common(ProducerConfig.configNames());
    Duration confirm = config.confirmTimeout();
    // The rest of the confirm timeout is for what a send may wait before, and for the client to
    // notice.
    Duration block = least(MAX_BLOCK, confirm.dividedBy(10));
    Duration delivery = confirm.minus(block);
    settings.putIfAbsent("request.timeout.ms", millis(least(MAX_REQUEST, delivery.dividedBy(2))));
    // Who waits for each receipt pays for any linger; who pipelines fills batches without it.
    settings.putIfAbsent("linger.ms", 0);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("max.block.ms", millis(block));
    settings.put("delivery.timeout.ms", millis(delivery));
    settings.put("key.serializer", ByteArraySerializer.class);
    settings.put("value.serializer", ByteArraySerializer.class);
    return settings;
  }

  /** In bytes. */
  int largestRequest() {
    Object size = producer().getOrDefault("max.request.size", MAX_REQUEST_SIZE);
    return Integer.parseInt(size.toString().trim());
  }

  Map<String, Object> consumer(SubscriptionSpec spec) {
    Map<String, Object> settings = common(ConsumerConfig.configNames());
    settings.putIfAbsent("max.poll.records", Math.min(MAX_POLL_RECORDS, spec.maxUnsettled()));
    // Messages of a transaction that was given up were never sent, as far as their sender knows.
    settings.putIfAbsent("isolation.level", "read_committed");
    Object protocol = settings.getOrDefault("group.protocol", "classic");
    if (!"consumer".equalsIgnoreCase(protocol.toString())) {
      settings.putIfAbsent(
          "partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
    }
    settings.put("group.id", spec.group());
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "none");
    settings.put("allow.auto.create.topics", false);
    settings.put("key.deserializer", ByteArrayDeserializer.class);
    settings.put("value.deserializer", ByteArrayDeserializer.class);
    return settings;
  }

  Map<String, Object> admin() {
    Map<String, Object> settings = common(AdminClientConfig.configNames());
    Duration wait = config.connectTimeout();
    settings.putIfAbsent("request.timeout.ms", millis(least(MAX_REQUEST, wait)));
    settings.putIfAbsent("default.api.timeout.ms", millis(wait));
    return settings;
  }

  private Map<String, Object> common(Set<String> known) {
    Map<String, Object> settings = new HashMap<>();
    user.forEach(
        (name, value) -> {
          boolean knownElsewhere =
              knows(ProducerConfig.configNames(), name)
                  || knows(ConsumerConfig.configNames(), name)
                  || knows(AdminClientConfig.configNames(), name);
          if (known.contains(name) || !knownElsewhere) {
            settings.put(name, value);
          }
        });
    settings.put("bootstrap.servers", String.join(",", config.address().hosts(DEFAULT_PORT)));
    return settings;
  }

  /**
   * A client's word about its settings, without the values that may be secret. Kafka quotes values
   * in such words.
   */
  String withoutSecrets(@Nullable String text) {
    String safe = text == null ? "no reason given" : text;
    for (Map.Entry<String, String> property : user.entrySet()) {
      if (isSecret(property.getKey())) {
        safe = without(property.getValue(), safe);
        for (String quoted : AddressLogin.secretsIn(property.getValue())) {
          safe = without(quoted, safe);
        }
      }
    }
    return without(config.address().password().orElse(""), safe);
  }

  private static String without(String secret, String text) {
    return secret.isEmpty() ? text : text.replace(secret, "***");
  }

  /** The {@code security.protocol} in capitals. */
  String protocol() {
    return user.getOrDefault("security.protocol", "PLAINTEXT").trim().toUpperCase(Locale.ROOT);
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password")
        || lower.contains("jaas")
        || lower.contains("secret")
        || lower.contains("key")
        || lower.contains("token");
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Kafka takes these as an int, and zero as invalid or as no wait at all. */
  private static int millis(Duration duration) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
  }
}
