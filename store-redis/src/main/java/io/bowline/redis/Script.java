// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, which Redis does as a whole or not at all.
 *
 * @param text its source
 * @param digest by which Redis knows it once it has seen it
 */
record Script(String text, String digest) {

  static Script of(String text) {
    try {
      byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
      return new Script(text, HexFormat.of().formatHex(sha1));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-1", e);
    }
  }
}
