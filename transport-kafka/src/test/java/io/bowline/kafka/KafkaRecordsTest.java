// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KafkaRecordsTest {

  @Test
  void aMessageBecomesARecordOfItsLane() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("b", "ü");
    headers.put("a", "");
    ProducerRecord<byte[], byte[]> record =
        KafkaRecords.record(new Outgoing("id", "orders", 3, "клю́ч", headers, bytes("body")));
    assertEquals("orders", record.topic());
    assertEquals(3, record.partition());
    assertArrayEquals(bytes("клю́ч"), record.key());
    assertArrayEquals(bytes("body"), record.value());
    assertEquals("b", record.headers().toArray()[0].key());
    assertArrayEquals(bytes("ü"), record.headers().toArray()[0].value());
    assertArrayEquals(new byte[0], record.headers().toArray()[1].value());
  }

  @Test
  void noKeyStaysNoKeyAndAnEmptyKeyStaysEmpty() {
    assertNull(KafkaRecords.record(new Outgoing("id", "t", 0, null, Map.of(), bytes(""))).key());
    assertNull(KafkaRecords.key(record(null, bytes(""), new RecordHeaders())));
    assertEquals("", KafkaRecords.key(record(bytes(""), bytes(""), new RecordHeaders())));
  }

  @Test
  void anEmptyBodyIsNoTombstone() {
    byte[] written =
        KafkaRecords.record(new Outgoing("id", "t", 0, "k", Map.of(), bytes(""))).value();
    assertNotNull(written);
    assertEquals(0, written.length);
  }

  @Test
  void aTombstoneHasAnEmptyBody() {
    assertArrayEquals(new byte[0], KafkaRecords.body(record(null, null, new RecordHeaders())));
  }

  @Test
  void aKeyThatIsNotTextIsShownInHex() {
    byte[] number = {0, (byte) 0xff, 16};
    assertEquals("0x00ff10", KafkaRecords.key(record(number, null, new RecordHeaders())));
  }

  @Test
  void aReplacementCharacterThatWasSentIsText() {
    assertEquals("a\uFFFDb", KafkaRecords.text(bytes("a\uFFFDb")));
  }

  @Test
  void ofAHeaderThatStandsTwiceTheLastIsShown() {
    Headers headers = new RecordHeaders();
    headers.add("x", bytes("1")).add("y", bytes("2")).add("x", bytes("3")).add("z", null);
    Map<String, String> shown = KafkaRecords.headers(record(null, null, headers));
    assertEquals(Map.of("x", "3", "y", "2", "z", ""), shown);
    assertEquals(List.of("x", "y", "z"), new ArrayList<>(shown.keySet()));
    assertThrows(UnsupportedOperationException.class, () -> shown.put("a", "b"));
  }

  static ConsumerRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] body, Headers headers) {
    return new ConsumerRecord<>(
        "orders", 1, 7, 0, TimestampType.CREATE_TIME, 0, 0, key, body, headers, Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
