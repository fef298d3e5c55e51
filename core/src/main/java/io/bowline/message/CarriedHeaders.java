// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Headers of a message that arrived, under names with which it may be sent again. */
final class CarriedHeaders {
  private static final String UNNAMED = "bowline-unnamed";

  private CarriedHeaders() {}

  /**
   * Names that a plain client wrote and Bowline would not are percent-encoded; too long ones are
   * cut, with a hash for the rest.
   */
  static Map<String, String> of(Map<String, String> headers) {
    Map<String, String> carried = new LinkedHashMap<>();
    headers.forEach((name, value) -> carried.put(name(name), value));
    return carried;
  }

  private static String name(String name) {
    boolean plain = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127);
    String encoded = plain ? name : URLEncoder.encode(name, UTF_8).replace("+", "%20");
    if (encoded.isEmpty()) {
      return UNNAMED;
    }
    return encoded.length() <= Message.MAX_HEADER_NAME
        ? encoded
        : encoded.substring(0, Message.MAX_HEADER_NAME - 9)
            + "~"
            + HexFormat.of().toHexDigits(name.hashCode());
  }
}
