// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Received;
import io.bowline.message.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows a message: its body as text if it is such, else as hexadecimal digits. */
final class MessageView {
  /** How many bytes of a body are shown if nothing else is said: 4,096. */
  static final String BYTES = "4096";

  private final Received message;
  private final byte[] body;
  private final Optional<String> text;

  MessageView(Received message, int bytes) {
    this.message = message;
    byte[] whole = message.body();
    this.body = whole.length <= bytes ? whole : Arrays.copyOf(whole, bytes);
    this.text = text(body, whole.length > bytes);
  }

  /** What is cut may end within a character. */
  private static Optional<String> text(byte[] bytes, boolean cut) {
    for (int less = 0; less <= (cut ? 3 : 0) && less <= bytes.length; less++) {
      try {
        String text =
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, bytes.length - less)).toString();
        return Optional.of(text).filter(MessageView::isReadable);
      } catch (CharacterCodingException perhapsLess) {
        // Tried again without its end.
      }
    }
    return Optional.empty();
  }

  private static boolean isReadable(String text) {
    return text.codePoints().noneMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0);
  }

  private boolean isCut() {
    return body.length < message.body().length;
  }

  private String shown() {
    return text.orElseGet(() -> HexFormat.of().formatHex(body));
  }

  /** One line: key and body. */
  String line() {
    String key = message.key().map(Output::harmless).orElse("-");
    return key + "\t" + Output.harmless(shown()) + (isCut() ? "…" : "");
  }

  /** All of it. */
  String page() {
    StringBuilder page = new StringBuilder();
    add(page, "id", message.id());
    add(page, "key", message.key().orElse("-"));
    add(page, "topic", message.topic());
    add(page, "lane", message.origin().lane() + ", position " + message.origin().position());
    message.stamp().ifPresent(stamp -> add(page, "source", stamp.source()));
    message.headers().forEach((name, value) -> add(page, "header " + name, value));
    String how = text.isPresent() ? "text" : "hexadecimal";
    String cut = isCut() ? ", the first " + body.length : "";
    page.append("body (%s, %d bytes%s)\n%s".formatted(how, message.body().length, cut, shown()));
    return page.toString();
  }

  private static void add(StringBuilder page, String name, String value) {
    page.append(Output.harmless(name)).append(": ").append(Output.harmless(value)).append('\n');
  }

  Map<String, @Nullable Object> json() {
    return Output.fields(
        "id",
        message.id(),
        "key",
        message.key().orElse(null),
        "topic",
        message.topic(),
        "lane",
        message.origin().lane(),
        "position",
        message.origin().position(),
        "source",
        message.stamp().map(Stamp::source).orElse(null),
        "headers",
        message.headers(),
        "body",
        shown(),
        "encoding",
        text.isPresent() ? "utf-8" : "hex",
        "bytes",
        message.body().length,
        "cut",
        isCut());
  }
}
