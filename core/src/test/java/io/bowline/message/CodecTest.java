// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.message.Received.Origin;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The content types are golden: a change of them needs a page in docs/decisions. */
class CodecTest {

  private static Received received(byte[] body) {
    Map<String, String> headers = Map.of("bowline-stamp", "1;i=id-1;s=src;e=a;k=2");
    return Received.of(new Origin("orders", 3, "17", "orders/3/17"), "k", headers, body);
  }

  @Test
  void aBodyByACodecSaysWhatItIs() {
    Message text = Message.to("t").body("ü", Codec.text());
    assertEquals(Map.of("content-type", "text/plain;charset=utf-8"), text.headers());
    assertArrayEquals(new byte[] {(byte) 0xc3, (byte) 0xbc}, text.body());
    Message bytes = Message.to("t").body(new byte[] {-1}, Codec.bytes());
    assertEquals(Map.of("content-type", "application/octet-stream"), bytes.headers());
    assertArrayEquals(new byte[] {-1}, bytes.body());
  }

  @Test
  void bodiesWithoutACodecSayNothing() {
    assertEquals(Map.of(), Message.to("t").text("a").body(new byte[1]).headers());
  }

  @Test
  void theLastCodecCounts() {
    Message message =
        Message.to("t").header("h", "v").body("a", Codec.text()).body(new byte[0], Codec.bytes());
    assertEquals(Map.of("h", "v", "content-type", "application/octet-stream"), message.headers());
  }

  @Test
  void bytesAreTheMessagesOwn() {
    byte[] body = {1, 2, -3};
    assertSame(body, received(body).body(Codec.bytes()));
  }

  @Test
  void anyTextComesBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 0, Character.MAX_CODE_POINT + 1)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      byte[] body = Message.to("t").body(text, Codec.text()).body();
      assertEquals(text, received(body).body(Codec.text()), "seed " + seed);
    }
  }

  @Test
  void anyBodyIsReadInFullOrRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      byte[] body = new byte[random.nextInt(6)];
      random.nextBytes(body);
      try {
        assertArrayEquals(body, received(body).body(Codec.text()).getBytes(UTF_8), "seed " + seed);
      } catch (Undecodable refused) {
        assertThrows(
            CharacterCodingException.class,
            () -> UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(body)),
            "seed " + seed);
      }
    }
  }

  @Test
  void whatIsUndecodableNamesMessageTypeAndPlaceButNoBody() {
    byte[] body = "s3cret-\u00ff".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    Undecodable refused = assertThrows(Undecodable.class, () -> received(body).body(Codec.text()));
    assertEquals(
        "Message id-1 of orders lane 3 position 17 cannot be decoded:"
            + " its 8 bytes are no UTF-8 text from byte 7 on",
        refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab\uD83D", "ab\uDE00", "ab\uD83D-"})
  void halfACharacterIsNotSent(String text) {
    Message message = Message.to("t");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> message.body(text, Codec.text()));
    assertEquals(
        "A text of "
            + text.length()
            + " characters has half a surrogate pair at index 2, which UTF-8 cannot write;"
            + " send its bytes, or mend it",
        refused.getMessage());
  }
}
