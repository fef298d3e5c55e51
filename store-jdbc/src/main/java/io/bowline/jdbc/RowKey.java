// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys of rows: names may be longer than a database indexes, and it may take letters for alike that
 * are not, so a row is found by 16 bytes of a digest of what names it.
 */
final class RowKey {
  /** How many bytes a key has. */
  static final int LENGTH = 16;

  /** The most characters of a name in a column for people. */
  private static final int SHOWN = 255;

  private RowKey() {}

  /** The key of these names, in this order; of a number its digits. */
  static byte[] of(Object... names) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object name : names) {
        byte[] bytes = name.toString().getBytes(UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
      }
      return Arrays.copyOf(digest.digest(), LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /**
   * Where the keys stand in the list, the least first: the order in which a transaction touches its
   * rows, the same for all, so that two with rows in common do not wait for each other.
   */
  static List<Integer> ascending(List<byte[]> keys) {
    return IntStream.range(0, keys.size())
        .boxed()
        .sorted((one, other) -> Arrays.compare(keys.get(one), keys.get(other)))
        .toList();
  }

  /** A name as people see it, cut where a column ends. */
  static String shown(String name) {
    int end = Math.min(name.length(), SHOWN); // H2 counts a letter beyond 16 bits twice
    boolean halved = end < name.length() && Character.isHighSurrogate(name.charAt(end - 1));
    String cut = name.substring(0, halved ? end - 1 : end);
    return cut.replace('\0', '?'); // PostgreSQL keeps no such text
  }
}
