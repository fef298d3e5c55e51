// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceivedTest {
  private static final Origin ORIGIN = new Origin("orders", 3, "17", "orders/3/17");

  private static Received received(Map<String, String> headers) {
    return Received.of(
        ORIGIN, "k", headers, "s3cret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void theStampIsReadAndTakenOffTheHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("z", "1");
    headers.put("bowline-stamp", "1;i=id-1;s=src;e=a;k=2");
    headers.put("a", "2");
    Received received = received(headers);
    assertEquals("id-1", received.id());
    assertEquals(10, received.stamp().orElseThrow().epoch());
    assertEquals(List.of("z", "a"), List.copyOf(received.headers().keySet()));
    assertFalse(received.stampGarbled());
    assertThrows(UnsupportedOperationException.class, () -> received.headers().put("b", "c"));
  }

  @Test
  void withoutStampTheBrokersOwnIdServes() {
    Received received = received(Map.of("a", "1"));
    assertEquals("orders/3/17", received.id());
    assertTrue(received.stamp().isEmpty());
    assertFalse(received.stampGarbled());
    assertEquals(Map.of("a", "1"), received.headers());
  }

  @Test
  void aGarbledStampIsFlaggedAndDoesNotCount() {
    Received received = received(Map.of("bowline-stamp", "9;what"));
    assertEquals("orders/3/17", received.id());
    assertTrue(received.stamp().isEmpty());
    assertTrue(received.stampGarbled());
    assertTrue(received.headers().isEmpty());
  }

  @Test
  void anAttemptChangesNothingElse() {
    Received first = received(Map.of("bowline-stamp", "1;i=id-1;s=src;e=a"));
    Received third = first.atAttempt(3);
    assertEquals(1, first.attempt());
    assertEquals(3, third.attempt());
    assertEquals(first.id(), third.id());
    assertEquals(first.text(), third.text());
    assertEquals(first.key(), third.key());
  }

  @Test
  void printingShowsNoContent() {
    String text = received(Map.of("token", "s3cret")).toString();
    assertFalse(text.contains("s3cret"), text);
    assertTrue(text.contains("lane=3") && text.contains("position=17"), text);
  }
}
