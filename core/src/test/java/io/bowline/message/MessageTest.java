// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

  @Test
  void aMessageIsEmptyUntilFilled() {
    Message message = Message.to("orders");
    assertEquals("orders", message.topic());
    assertTrue(message.key().isEmpty());
    assertTrue(message.id().isEmpty());
    assertTrue(message.headers().isEmpty());
    assertEquals(0, message.body().length);
  }

  @Test
  void eachChangeMakesANewMessage() {
    Message plain = Message.to("orders");
    Message full = plain.key("k").id("i").header("h", "v").text("ü");
    assertTrue(plain.key().isEmpty() && plain.headers().isEmpty() && plain.body().length == 0);
    assertEquals("k", full.key().orElseThrow());
    assertEquals("i", full.id().orElseThrow());
    assertEquals(Map.of("h", "v"), full.headers());
    assertArrayEquals(new byte[] {(byte) 0xc3, (byte) 0xbc}, full.body());
  }

  @Test
  void keysAndHeaderValuesMayBeEmpty() {
    Message message = Message.to("orders").key("").header("h", "");
    assertEquals("", message.key().orElseThrow());
    assertEquals("", message.headers().get("h"));
  }

  @Test
  void headersKeepTheirOrderAndTheLastValue() {
    Message message = Message.to("t").header("b", "1").headers(Map.of("a", "2")).header("b", "3");
    assertEquals(List.of("b", "a"), List.copyOf(message.headers().keySet()));
    assertEquals("3", message.headers().get("b"));
  }

  @Test
  void headersCannotBeChangedFromOutside() {
    Map<String, String> headers = Message.to("t").header("a", "1").headers();
    assertThrows(UnsupportedOperationException.class, () -> headers.put("b", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "with space", "ü", "line\n", "nul\u0000", "del\u007f"})
  void aHeaderNameIsPrintableAscii(String name) {
    Message message = Message.to("t");
    assertThrows(IllegalArgumentException.class, () -> message.header(name, "v"));
    assertThrows(IllegalArgumentException.class, () -> message.headers(Map.of(name, "v")));
  }

  @Test
  void aHeaderNameHasALimit() {
    Message message = Message.to("t");
    assertEquals(1, message.header("x".repeat(120), "v").headers().size());
    assertThrows(IllegalArgumentException.class, () -> message.header("x".repeat(121), "v"));
  }

  @Test
  void theStampsHeaderIsBowlines() {
    Message message = Message.to("t");
    assertThrows(IllegalArgumentException.class, () -> message.header("bowline-stamp", "forged"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void topicAndIdAreNeeded(String blank) {
    assertThrows(IllegalArgumentException.class, () -> Message.to(blank));
    Message message = Message.to("t");
    assertThrows(IllegalArgumentException.class, () -> message.id(blank));
  }

  @Test
  void printingShowsNoContent() {
    String text = Message.to("t").key("k").header("token", "s3cret").text("s3cret").toString();
    assertFalse(text.contains("s3cret"), text);
    assertTrue(text.contains("topic=t") && text.contains("token"), text);
  }
}
