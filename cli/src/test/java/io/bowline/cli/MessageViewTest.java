// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Received;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessageViewTest {
  @Test
  void textIsShownAsText() {
    assertEquals("user-7\tzwölf", view("zwölf".getBytes(UTF_8), 100).line());
  }

  @Test
  void whatIsNoTextIsShownInHexadecimal() {
    assertEquals("user-7\t00ff", view(new byte[] {0, (byte) 0xff}, 100).line());
    assertEquals("hex", view(new byte[] {0, 1}, 100).json().get("encoding"));
  }

  /** A terminal would obey it. */
  @Test
  void noEscapeSequenceComesThrough() {
    String page = view("\u001b[2J".getBytes(UTF_8), 100).page();
    assertFalse(page.contains("\u001b"), page);
    assertEquals("a\\x1bb", Output.harmless("a\u001bb"));
  }

  @Test
  void aCutWithinACharacterLeavesTextText() {
    byte[] body = "äää".getBytes(UTF_8);
    MessageView cut = view(body, 3);
    assertEquals("user-7\tä…", cut.line());
    assertEquals(true, cut.json().get("cut"));
    assertEquals(6, cut.json().get("bytes"));
    assertTrue(cut.page().contains("6 bytes, the first 3"), cut.page());
  }

  private static MessageView view(byte[] body, int bytes) {
    Received.Origin origin = new Received.Origin("beans", 0, "1", "n");
    return new MessageView(Received.of(origin, "user-7", Map.of("kind", "test"), body), bytes);
  }
}
