// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What goes into a script and comes out of it. */
final class Values {
  private Values() {}

  static byte[] of(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] of(long number) {
    return of(Long.toString(number));
  }

  /** A number that a script told: as one, or as text where it may pass what Lua can count. */
  static long number(Object told) {
    return told instanceof byte[] text
        ? Long.parseLong(new String(text, UTF_8))
        : ((Long) told).longValue();
  }
}
