// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import io.bowline.transport.Outgoing;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Bowline's messages as AMQP's: the body as it is, headers as UTF-8 text, the key in a header, the
 * id as {@code message-id}, persistent, never with a priority (which would reorder a lane).
 */
final class RabbitMessages {
  /** Where the key travels: a routing key names the lane. */
  static final String KEY = "bowline-key";

  /** How often the broker delivered a message before, on quorum queues. */
  private static final String DELIVERIES = "x-delivery-count";

  /** Headers that the broker adds to a delivery. */
  private static final Set<String> BROKERS = Set.of(DELIVERIES, "x-acquired-count");

  /** RabbitMQ routes copies by these, and closes the channel if they are not lists. */
  private static final Set<String> ROUTING = Set.of("CC", "BCC");

  private static final int PERSISTENT = 2;

  private RabbitMessages() {}

  /** Why this message can never be written, or null if it can. */
  static @Nullable String objection(Outgoing message) {
    for (String name : message.headers().keySet()) {
      if (ROUTING.contains(name)) {
        return "has a header '" + name + "', by which RabbitMQ would route copies elsewhere";
      }
      if (name.equals(KEY) || BROKERS.contains(name)) {
        return "has a header '" + name + "', which this transport or RabbitMQ writes itself";
      }
    }
    return RabbitNames.fits(message.topic())
        ? null
        : "has a topic of more than " + RabbitNames.MAX_BYTES + " bytes";
  }

  /** Values as strings: a {@link LongString} costs the client a buffer of 4 KiB each. */
  static AMQP.BasicProperties properties(Outgoing message) {
    Map<String, Object> headers = new LinkedHashMap<>(message.headers());
    if (message.key() != null) {
      headers.put(KEY, message.key());
    }
    AMQP.BasicProperties.Builder properties =
        new AMQP.BasicProperties.Builder().deliveryMode(PERSISTENT).headers(headers);
    // The property holds 255 bytes; a longer id is in the stamp all the same.
    if (RabbitNames.fits(message.messageId())) {
      properties.messageId(message.messageId());
    }
    return properties.build();
  }

  /** The key that this transport wrote, or null. */
  static @Nullable String key(AMQP.BasicProperties properties) {
    Object key = all(properties).get(KEY);
    return key == null ? null : shown(key);
  }

  /** All headers of the producer, as text. */
  static Map<String, String> headers(AMQP.BasicProperties properties) {
    Map<String, String> shown = new HashMap<>();
    all(properties)
        .forEach(
            (name, value) -> {
              if (!name.equals(KEY) && !BROKERS.contains(name)) {
                shown.put(name, shown(value));
              }
            });
    return Collections.unmodifiableMap(shown);
  }

  /** Which delivery this is, as far as the broker tells. */
  static int attempt(AMQP.BasicProperties properties, boolean redelivered) {
    Object before = all(properties).get(DELIVERIES);
    int counted = before instanceof Number count ? count.intValue() + 1 : 1;
    return Math.max(counted, redelivered ? 2 : 1);
  }

  private static Map<String, Object> all(AMQP.BasicProperties properties) {
    Map<String, Object> headers = properties.getHeaders();
    return headers == null ? Map.of() : headers;
  }

  /** A header of any AMQP type as text: lists and tables as Java prints them. */
  @SuppressWarnings("JavaUtilDate") // what the client makes of an AMQP timestamp
  private static String shown(@Nullable Object value) {
    if (value instanceof LongString string) {
      return new String(string.getBytes(), UTF_8);
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, UTF_8);
    }
    if (value instanceof Date date) {
      return Instant.ofEpochMilli(date.getTime()).toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RabbitMessages::shown).toList().toString();
    }
    if (value instanceof Map<?, ?> table) {
      return table.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
          .sorted()
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value == null ? "" : value.toString();
  }
}
