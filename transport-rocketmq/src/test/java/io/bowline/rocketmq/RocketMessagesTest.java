// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.rocketmq.RocketMessages.SubscribedTopic;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.common.message.MessageConst;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RocketMessagesTest {
  private static final SubscribedTopic TOPIC = new SubscribedTopic("orders.new", 8);

  private final ClientServiceProvider client = ClientServiceProvider.loadService();
  private final RocketMessages messages = new RocketMessages(client);

  private static Outgoing outgoing(@Nullable String key, Map<String, String> headers, byte[] body) {
    return new Outgoing("id-1", "orders.new", 5, key, headers, body);
  }

  private RocketDelivery.Content roundTrip(Outgoing message) {
    Message written = messages.written(message);
    return messages.read(Views.of(written), new Place("broker-a/3", 7, "x"), TOPIC);
  }

  @Test
  void theLaneIsTheMessageGroup() {
    Message written = messages.written(outgoing("k", Map.of(), new byte[] {1}));
    assertEquals("L5", written.getMessageGroup().orElseThrow());
    assertEquals("orders--new", written.getTopic());
    assertEquals(5, roundTrip(outgoing("k", Map.of(), new byte[] {1})).lane());
  }

  @Test
  void headersThatRocketMqCannotCarryComeBackUnchanged() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("empty", "");
    headers.put("blank", " \t ");
    headers.put("separators", "a\u0001b\u0002c\u0000\n\u0085");
    headers.put("letters", "\u00fc\u00df \u4f60\u597d \ud83d\ude00");
    headers.put("escaped itself", "bowline-text:%20");
    headers.put("percent", "100 % + 1");
    headers.put("bowline-stamp", "1;i=a;s=b;e=1");
    headers.put("bowline-header:x", "looks like ours");
    headers.put("bowline-key", "not the key");
    headers.put("_hidden", "h");
    headers.put("__SHARDINGKEY", "s");
    MessageConst.STRING_HASH_SET.forEach(name -> headers.put(name, "reserved " + name));
    assertEquals(headers, roundTrip(outgoing("k", headers, new byte[] {1})).headers());
  }

  @Test
  void noReservedNameIsWritten() {
    Map<String, String> headers = new LinkedHashMap<>();
    MessageConst.STRING_HASH_SET.forEach(name -> headers.put(name, "x"));
    Message written = messages.written(outgoing(null, headers, new byte[] {1}));
    assertTrue(
        written.getProperties().keySet().stream()
            .noneMatch(MessageConst.STRING_HASH_SET::contains));
  }

  @Test
  void ordinaryHeadersAreWrittenAsTheyAre() {
    Map<String, String> headers =
        Map.of("type", "Order \u00fc", "X-Trace", "1-2", "bowline-stamp", "1;i=a");
    assertEquals(
        headers, messages.written(outgoing(null, headers, new byte[] {1})).getProperties());
  }

  @Test
  void keysComeBackAndAreSearchableWherePossible() {
    for (String key : List.of("user-7", "", "  ", "\u4f60 \u597d", "a\u0001b")) {
      assertEquals(key, roundTrip(outgoing(key, Map.of(), new byte[] {1})).key());
    }
    assertEquals(
        List.of("user-7"),
        List.copyOf(messages.written(outgoing("user-7", Map.of(), new byte[] {1})).getKeys()));
    assertEquals(
        List.of(),
        List.copyOf(messages.written(outgoing("a b", Map.of(), new byte[] {1})).getKeys()));
    assertNull(roundTrip(outgoing(null, Map.of(), new byte[] {1})).key());
  }

  @Test
  void anEmptyBodyComesBackEmpty() {
    assertEquals(0, roundTrip(outgoing("k", Map.of(), new byte[0])).body().length);
    assertArrayEquals(new byte[] {0}, roundTrip(outgoing("k", Map.of(), new byte[] {0})).body());
  }

  @Test
  void tooManyHeaderBytesAreRefusedBeforeSending() {
    Map<String, String> headers = Map.of("h", "x".repeat(RocketMessages.MAX_PROPERTY_BYTES));
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> messages.written(outgoing(null, headers, new byte[] {1})));
    assertEquals(Verdict.REFUSED, refused.verdict());
    assertFalse(String.valueOf(refused.getMessage()).contains("xxx"), "no value is shown");
  }

  @Test
  void aPlainClientsMessageGroupIsItsKey() {
    Message plain =
        client
            .newMessageBuilder()
            .setTopic("orders--new")
            .setMessageGroup("user-7")
            .setBody(new byte[] {1})
            .build();
    RocketDelivery.Content read =
        messages.read(Views.of(plain), new Place("broker-a/3", 7, "x"), TOPIC);
    assertEquals("user-7", read.key());
    assertTrue(read.lane() >= 0 && read.lane() < 8);
  }

  @Test
  void aMessageWithoutGroupHasTheLaneOfItsQueueAndNoKey() {
    Message plain = client.newMessageBuilder().setTopic("orders").setBody(new byte[] {1}).build();
    RocketDelivery.Content read =
        messages.read(Views.of(plain), new Place("broker-a/11", 7, "x"), TOPIC);
    assertNull(read.key());
    assertEquals(3, read.lane());
  }

  @Test
  void impossibleNamesAreRefused() {
    assertThrows(TransportException.class, () -> RocketNames.topic("a b"));
    assertThrows(TransportException.class, () -> RocketNames.group("%RETRY%x"));
    assertEquals("a--b_c-d", RocketNames.topic("a.b_c-d"));
  }
}
