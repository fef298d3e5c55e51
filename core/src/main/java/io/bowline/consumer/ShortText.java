// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/** Text within a bound of bytes, as headers need it: a broker counts bytes. Pure. */
final class ShortText {
  private static final String CUT = "…";

  private ShortText() {}

  /** The text, or as much of it as takes so many bytes in UTF-8, and then {@code …}. */
  static String within(int bytes, String text) {
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      used += bytesOf(point);
      if (used > bytes) {
        return text.substring(0, i) + CUT;
      }
      i += Character.charCount(point);
    }
    return text;
  }

  private static int bytesOf(int point) {
    if (point < 0x80) {
      return 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }
}
