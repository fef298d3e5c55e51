// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Lanes;
import io.bowline.message.StampCodec;
import io.bowline.message.Watermark;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.message.MessageBuilder;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.jspecify.annotations.Nullable;

/**
 * A message here and there: headers are properties, the lane is the message group. What RocketMQ
 * refuses (blank values, control characters, its own names, an empty body) is written in another
 * way and read back; {@code docs/transport-rocketmq.md} describes it for other languages.
 */
final class RocketMessages {
  static final String KEY = "bowline-key";
  static final String EMPTY_BODY = "bowline-empty-body";
  static final String ESCAPED_NAME = "bowline-header:";
  static final String ESCAPED_VALUE = "bowline-text:";

  /** The broker refuses more than 32,767; some 1,000 are its own and the client's. */
  static final int MAX_PROPERTY_BYTES = 31_700;

  private static final byte[] PLACEHOLDER = {0};
  private static final byte[] NOTHING = {};

  /** The broker's own names are of this kind; its list differs from version to version. */
  private static final Pattern RESERVED = Pattern.compile("[A-Z0-9_#]+|_.*|bowline-.*");

  /** What the broker adds and the proxy leaves in: the message group, as __SHARDINGKEY. */
  private static final String BROKERS = "__";

  private static final Pattern OUR_GROUP = Pattern.compile("L\\d{1,4}");

  private final ClientServiceProvider client;

  RocketMessages(ClientServiceProvider client) {
    this.client = client;
  }

  /** The message group of a lane. */
  static String groupOf(int lane) {
    return "L" + lane;
  }

  /**
   * The message to be sent.
   *
   * @throws TransportException REFUSED if RocketMQ cannot carry it
   */
  Message written(Outgoing message) {
    Map<String, String> properties = properties(message);
    int bytes = 0;
    for (Map.Entry<String, String> each : properties.entrySet()) {
      bytes += each.getKey().getBytes(UTF_8).length + each.getValue().getBytes(UTF_8).length + 2;
    }
    if (bytes > MAX_PROPERTY_BYTES) {
      throw new TransportException(
          Verdict.REFUSED,
          "%s was not sent: its headers and key take %d bytes, RocketMQ carries at most %d"
              .formatted(message, bytes, MAX_PROPERTY_BYTES));
    }
    MessageBuilder builder =
        client
            .newMessageBuilder()
            .setTopic(RocketNames.topic(message.topic()))
            .setMessageGroup(groupOf(message.lane()))
            .setBody(message.body().length == 0 ? PLACEHOLDER : message.body());
    properties.forEach(builder::addProperty);
    if (message.key() != null && searchable(message.key())) {
      builder.setKeys(message.key());
    }
    return builder.build();
  }

  private static Map<String, String> properties(Outgoing message) {
    Map<String, String> properties = new LinkedHashMap<>();
    message
        .headers()
        .forEach((name, value) -> properties.put(escapedName(name), escapedValue(value)));
    if (message.key() != null) {
      properties.put(KEY, escapedValue(message.key()));
    }
    if (message.body().length == 0) {
      properties.put(EMPTY_BODY, "true");
    }
    return properties;
  }

  /** A received message as the core sees it. */
  RocketDelivery.Content read(MessageView view, Place place, SubscribedTopic topic) {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> properties = view.getProperties();
    properties.forEach(
        (name, value) -> {
          if (!name.equals(KEY) && !name.equals(EMPTY_BODY) && !name.startsWith(BROKERS)) {
            headers.put(plainName(name), plainValue(value));
          }
        });
    String group = view.getMessageGroup().orElse(null);
    return new RocketDelivery.Content(
        topic.name(),
        lane(group, place, topic.lanes()),
        key(properties.get(KEY), group),
        Collections.unmodifiableMap(headers),
        properties.containsKey(EMPTY_BODY) ? NOTHING : bytes(view.getBody()));
  }

  /**
   * What a subscription reads.
   *
   * @param name the topic as the caller named it
   * @param lanes how many lanes it has
   */
  record SubscribedTopic(String name, int lanes) {}

  private static int lane(@Nullable String group, Place place, int lanes) {
    if (group == null) {
      return place.queueNumber() % lanes;
    }
    return OUR_GROUP.matcher(group).matches()
        ? Integer.parseInt(group.substring(1)) % lanes
        : Lanes.of(group, lanes);
  }

  /** The order that a plain client asked for was by its message group: that is its key. */
  private static @Nullable String key(@Nullable String ours, @Nullable String group) {
    if (ours != null) {
      return plainValue(ours);
    }
    return group == null || OUR_GROUP.matcher(group).matches() ? null : group;
  }

  /** Whether RocketMQ's own index of keys can hold it, which separates keys by blanks. */
  private static boolean searchable(String key) {
    return !key.isEmpty() && key.length() <= 128 && key.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private static String escapedName(String name) {
    boolean ours = name.equals(StampCodec.HEADER) || name.equals(Watermark.HEADER);
    return !ours && RESERVED.matcher(name).matches() ? ESCAPED_NAME + name : name;
  }

  private static String plainName(String name) {
    return name.startsWith(ESCAPED_NAME) ? name.substring(ESCAPED_NAME.length()) : name;
  }

  private static String escapedValue(String value) {
    boolean plain =
        !value.isBlank()
            && value.chars().noneMatch(Character::isISOControl)
            && !value.startsWith(ESCAPED_VALUE);
    return plain ? value : ESCAPED_VALUE + URLEncoder.encode(value, UTF_8);
  }

  private static String plainValue(String value) {
    if (!value.startsWith(ESCAPED_VALUE)) {
      return value;
    }
    try {
      return URLDecoder.decode(value.substring(ESCAPED_VALUE.length()), UTF_8);
    } catch (IllegalArgumentException notOurs) {
      return value;
    }
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }
}
