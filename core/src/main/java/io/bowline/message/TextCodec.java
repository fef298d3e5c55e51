// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Text in UTF-8, both ways without replacement: what would come back as another text is refused.
 */
final class TextCodec implements Codec<String> {
  static final TextCodec UTF_8_TEXT = new TextCodec();

  private TextCodec() {}

  @Override
  public String contentType() {
    return "text/plain;charset=utf-8";
  }

  @Override
  public byte[] encode(String value) {
    int half = firstHalfPair(value);
    if (half >= 0) {
      throw new IllegalArgumentException(
          "A text of "
              + value.length()
              + " characters has half a surrogate pair at index "
              + half
              + ", which UTF-8 cannot write; send its bytes, or mend it");
    }
    return value.getBytes(UTF_8);
  }

  /** The JDK would write it as a question mark, without a word. */
  private static int firstHalfPair(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String decode(Received message) {
    ByteBuffer body = ByteBuffer.wrap(message.body());
    CharBuffer text = CharBuffer.allocate(message.body().length); // never more chars than bytes
    CoderResult result =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(body, text, true);
    if (result.isError()) {
      throw new Undecodable(
          message,
          "its "
              + message.body().length
              + " bytes are no UTF-8 text from byte "
              + body.position()
              + " on");
    }
    return text.flip().toString();
  }

  @Override
  public String toString() {
    return "Codec of text";
  }
}
