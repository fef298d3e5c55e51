// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Names of keys: what stands in braces is one slot of a cluster. */
final class Keys {
  /** What all keys of Bowline begin with. */
  private static final String PREFIX = "bowline:";

  private Keys() {}

  /** A key of these names, all in braces; of another slot than that of other names. */
  static String of(String what, Object... names) {
    StringBuilder key = new StringBuilder(PREFIX).append(what).append(":{");
    for (int i = 0; i < names.length; i++) {
      key.append(i > 0 ? "/" : "").append(plain(names[i].toString()));
    }
    return key.append('}').toString();
  }

  /** Without slashes, braces and spaces. */
  private static String plain(String name) {
    return URLEncoder.encode(name, UTF_8);
  }
}
