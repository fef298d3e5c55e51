// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a node is called that stands for a text of any length and letters: its beginning, for
 * people, and 16 bytes of its digest, which tell it apart. Pure.
 */
final class NodeName {
  /** The most letters of the text that are shown. */
  private static final int SHOWN = 40;

  private static final int DIGEST_BYTES = 16;

  private NodeName() {}

  /** As {@code beans-9af15b336e6a9619928537df30b2e6a2}. */
  static String of(String text) {
    StringBuilder name = new StringBuilder();
    text.chars().limit(SHOWN).forEach(letter -> name.append(isPlain(letter) ? (char) letter : '_'));
    return name.append('-').append(digest(text)).toString();
  }

  /** Without dots too: ZooKeeper refuses nodes that are called {@code .} or {@code ..}. */
  private static boolean isPlain(int letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || (letter >= '0' && letter <= '9')
        || letter == '-';
  }

  private static String digest(String text) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(all, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
