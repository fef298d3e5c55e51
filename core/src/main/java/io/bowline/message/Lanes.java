// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Which lane a key belongs to: Kafka's own rule, so that a topic stays co-partitioned with what
 * other Kafka clients write.
 */
public final class Lanes {
  private static final int MULTIPLIER = 0x5bd1e995;
  private static final int SEED = 0x9747b28c;

  private Lanes() {}

  /** The lane of a key, from 0 to {@code lanes - 1}: {@code murmur2(UTF-8 of key) mod lanes}. */
  public static int of(String key, int lanes) {
    return (murmur2(key.getBytes(UTF_8)) & 0x7fffffff) % lanes;
  }

  /** MurmurHash 2 with the seed of Kafka's default partitioner. */
  static int murmur2(byte[] data) {
    int length = data.length;
    int hash = SEED ^ length;
    int whole = length / 4 * 4;
    for (int i = 0; i < whole; i += 4) {
      int word =
          (data[i] & 0xff)
              | ((data[i + 1] & 0xff) << 8)
              | ((data[i + 2] & 0xff) << 16)
              | ((data[i + 3] & 0xff) << 24);
      word *= MULTIPLIER;
      word ^= word >>> 24;
      hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
    }
    if (whole < length) {
      int rest = 0;
      for (int i = length - 1; i >= whole; i--) {
        rest = (rest << 8) | (data[i] & 0xff);
      }
      hash = (hash ^ rest) * MULTIPLIER;
    }
    hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
    return hash ^ (hash >>> 15);
  }
}
