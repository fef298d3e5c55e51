// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import java.util.Locale;
import java.util.Set;

/** Which media types are JSON, or may be. */
final class ContentTypes {
  static final String JSON = "application/json";

  /** What clients write that do not know what they send. */
  private static final Set<String> SAY_NOTHING =
      Set.of("", "text/plain", "application/octet-stream");

  private ContentTypes() {}

  static boolean mayBeJson(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.endsWith("/json") || type.endsWith("+json") || SAY_NOTHING.contains(type);
  }
}
