// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.transport.Outgoing;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Messages as Kafka records and back: key and headers are UTF-8, the body is as it is. */
final class KafkaRecords {
  private static final byte[] NOTHING = {};
  private static final char REPLACEMENT = '\uFFFD';

  private KafkaRecords() {}

  /** The lane is the partition, always named, so that no partitioner has a say. */
  static ProducerRecord<byte[], byte[]> record(Outgoing message) {
    String key = message.key();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            message.topic(),
            message.lane(),
            key == null ? null : key.getBytes(UTF_8),
            message.body());
    // Headers given to the constructor would be copied once more.
    Headers headers = record.headers();
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      headers.add(new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8)));
    }
    return record;
  }

  static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return key == null ? null : text(key);
  }

  /** Headers in their order, unmodifiable; of a name that stands twice the last value. */
  static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Header[] all = record.headers().toArray();
    if (all.length == 1) { // most have the stamp and nothing else
      return Map.of(all[0].key(), value(all[0]));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : all) {
      headers.put(header.key(), value(header));
    }
    return Collections.unmodifiableMap(headers);
  }

  private static String value(Header header) {
    byte[] value = header.value();
    return value == null ? "" : text(value);
  }

  /** The body; empty for a tombstone. */
  static byte[] body(ConsumerRecord<byte[], byte[]> record) {
    byte[] body = record.value();
    return body == null ? NOTHING : body;
  }

  /**
   * Bytes as text, and as 0x with hex digits if they are not UTF-8: two keys that differ must not
   * become one by replacement characters.
   */
  static String text(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    boolean exact = text.indexOf(REPLACEMENT) < 0 || Arrays.equals(text.getBytes(UTF_8), bytes);
    return exact ? text : "0x" + HexFormat.of().formatHex(bytes);
  }
}
