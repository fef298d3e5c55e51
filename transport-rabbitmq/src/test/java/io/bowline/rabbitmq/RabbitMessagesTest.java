// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.LongStringHelper;
import io.bowline.transport.Outgoing;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RabbitMessagesTest {

  @Test
  void whatIsWrittenIsReadAgain() {
    Map<String, String> headers = Map.of("empty", "", "letters", "ü 你好 😀", "x-own", "1");
    BasicProperties properties = RabbitMessages.properties(outgoing("käse", headers));
    assertEquals("käse", RabbitMessages.key(properties));
    assertEquals(headers, RabbitMessages.headers(properties));
    assertEquals("id-1", properties.getMessageId());
    assertEquals(2, properties.getDeliveryMode());
    assertNull(properties.getPriority());
  }

  @Test
  void noKeyIsNotAnEmptyKey() {
    assertNull(RabbitMessages.key(RabbitMessages.properties(outgoing(null, Map.of()))));
    assertEquals("", RabbitMessages.key(RabbitMessages.properties(outgoing("", Map.of()))));
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // what the client makes of an AMQP timestamp
  void foreignHeadersAreShownAsText() {
    Date noon = Date.from(Instant.parse("2026-01-02T12:00:00Z"));
    Map<String, Object> typed =
        Map.of(
            "int",
            7,
            "flag",
            true,
            "when",
            noon,
            "bytes",
            new byte[] {'h', 'i'},
            "list",
            List.of(LongStringHelper.asLongString("a"), 1),
            "table",
            Map.of("b", LongStringHelper.asLongString("c"), "a", 1L));
    assertEquals(
        Map.of(
            "int", "7",
            "flag", "true",
            "when", "2026-01-02T12:00:00Z",
            "bytes", "hi",
            "list", "[a, 1]",
            "table", "{a=1, b=c}"),
        RabbitMessages.headers(with(typed)));
  }

  @Test
  void whatTheBrokerAddsIsNoHeaderOfTheProducer() {
    assertEquals(Map.of(), RabbitMessages.headers(with(Map.of("x-delivery-count", 3L))));
    assertEquals(Map.of(), RabbitMessages.headers(new BasicProperties()));
    assertThrows(
        UnsupportedOperationException.class,
        () -> RabbitMessages.headers(new BasicProperties()).put("a", "b"));
  }

  @Test
  void attemptsCountFromOne() {
    assertEquals(1, RabbitMessages.attempt(new BasicProperties(), false));
    assertEquals(2, RabbitMessages.attempt(new BasicProperties(), true));
    assertEquals(4, RabbitMessages.attempt(with(Map.of("x-delivery-count", 3L)), true));
  }

  @Test
  void aLongIdIsLeftToTheStamp() {
    Outgoing message = new Outgoing("i".repeat(256), "t", 0, null, Map.of(), new byte[0]);
    assertNull(RabbitMessages.properties(message).getMessageId());
  }

  @Test
  void whatCannotBeWrittenIsObjectedTo() {
    assertNull(RabbitMessages.objection(outgoing("k", Map.of("cc", "a"))));
    for (String name : List.of("CC", "BCC", "bowline-key", "x-delivery-count")) {
      assertNotNull(RabbitMessages.objection(outgoing(null, Map.of(name, "a"))), name);
    }
    Outgoing far = new Outgoing("i", "t".repeat(256), 0, null, Map.of(), new byte[0]);
    assertNotNull(RabbitMessages.objection(far));
  }

  private static Outgoing outgoing(@Nullable String key, Map<String, String> headers) {
    return new Outgoing("id-1", "orders", 0, key, headers, new byte[] {1});
  }

  private static BasicProperties with(Map<String, Object> headers) {
    return new BasicProperties.Builder().headers(headers).build();
  }
}
