// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.transport.Outgoing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages that a careless transport would change on the way. */
final class Samples {
  private static final int MANY = 40;

  private Samples() {}

  /** To lane 0: no key, empty key, foreign letters, control characters, empty and many headers. */
  static List<Outgoing> of(String topic) {
    return List.of(
        message(topic, "plain", Map.of("type", "Order"), bytes(10)),
        message(topic, null, Map.of(), bytes(1)),
        message(topic, "", Map.of("empty", "", "blank", "  ", "padded", " x "), bytes(256)),
        message(topic, "k\u00e4se \u4f60\u597d", Map.of(), new byte[0]),
        message(topic, "\ud83e\uded8 = & % ; ,", foreign(), new byte[] {0, -1, 13, 10}),
        message(topic, "many", many(), bytes(1_000)));
  }

  /** A message of this text, without key. */
  static Outgoing message(String topic, int lane, String text) {
    return message(topic, lane, null, text.getBytes(UTF_8));
  }

  static Outgoing message(String topic, int lane, @Nullable String key, byte[] body) {
    return message(new Outgoing("", topic, lane, key, Map.of(), body));
  }

  /** Bytes of every value. */
  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }

  /** "prefix0", "prefix1" … */
  static String[] texts(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  private static Map<String, String> foreign() {
    return Map.of(
        "letters", "\u00fc\u00df \u4f60\u597d \ud83d\ude00",
        "control", "tab\tline\nreturn\rone\u0001two\u0002end",
        "json", "{\"a\": [1, \"b;c=d&e%20\"]}",
        "X-Mixed.Case_name", "kept");
  }

  private static Map<String, String> many() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < MANY; i++) {
      headers.put("header-" + i, "value " + i);
    }
    return headers;
  }

  private static Outgoing message(
      String topic, @Nullable String key, Map<String, String> headers, byte[] body) {
    return message(new Outgoing("", topic, 0, key, headers, body));
  }

  /** The same with an id and the stamp that bears it. */
  private static Outgoing message(Outgoing plain) {
    String id = UUID.randomUUID().toString();
    Map<String, String> headers = new LinkedHashMap<>(plain.headers());
    headers.put(StampCodec.HEADER, StampCodec.write(new Stamp(id, "conformance", 1, null)));
    return new Outgoing(id, plain.topic(), plain.lane(), plain.key(), headers, plain.body());
  }
}
