// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

/**
 * The last number of each key, and the number in its lane beside it. A key is known by a hash of 64
 * bits alone, and stands with its number in sixteen bytes of one array, in a bucket of eight: so a
 * look costs a memory access or two, and nothing is allocated. Bounded: in a full bucket the one
 * that was silent longest is forgotten. Pure.
 */
final class KeyTable {
  /** The most keys: 131,072, in 2 MiB. */
  static final int MAX_KEYS = 1 << 17;

  private static final int BUCKET = 8;
  private static final int STRIDE = 2;

  private long[] entries = new long[128 * BUCKET * STRIDE];

  /** Where the last {@link #find} found its key. */
  private int found;

  /**
   * A hash of a key; never 0.
   *
   * @param salt tells the keys of one chain, for as long as it is known, from all others
   */
  static long hash(String key, long salt) {
    long hash = mix(salt);
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x9FB21C651E98DF25L;
      hash ^= hash >>> 32;
    }
    hash = mix(hash);
    return hash == 0 ? 1 : hash;
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }

  /** Whether this key is known; then it is the one that the following methods are about. */
  boolean find(long hash) {
    int bucket = bucket(hash);
    for (int at = bucket; at < bucket + BUCKET * STRIDE; at += STRIDE) {
      if (entries[at] == hash) {
        found = at > bucket ? closer(at) : at;
        return true;
      }
    }
    return false;
  }

  /** Exchanges it with the one before it, so that those that are used stand in front. */
  private int closer(int at) {
    int before = at - STRIDE;
    long hash = entries[before];
    long numbers = entries[before + 1];
    entries[before] = entries[at];
    entries[before + 1] = entries[at + 1];
    entries[at] = hash;
    entries[at + 1] = numbers;
    return before;
  }

  /** The number it had last, given one that is less than two milliards away. */
  long sequence(long near) {
    return nearest((int) (entries[found + 1] >>> 32), near);
  }

  /** The number in the lane beside it, likewise. */
  long laneSequence(long near) {
    return nearest((int) entries[found + 1], near);
  }

  private static long nearest(int low, long near) {
    return near - ((int) near - low);
  }

  void update(long sequence, long laneSequence) {
    entries[found + 1] = (sequence << 32) | (laneSequence & 0xffff_ffffL);
  }

  /** Remembers a key that was not found. */
  void add(long hash, long sequence, long laneSequence) {
    int bucket = bucket(hash);
    while (entries[bucket + (BUCKET - 1) * STRIDE] != 0 && entries.length < MAX_KEYS * STRIDE) {
      grow();
      bucket = bucket(hash);
    }
    push(bucket, hash, (sequence << 32) | (laneSequence & 0xffff_ffffL));
  }

  /** Puts it in front; the last one of a full bucket is gone. */
  private void push(int bucket, long hash, long numbers) {
    for (int at = bucket + BUCKET * STRIDE - 1; at >= bucket + STRIDE; at--) {
      entries[at] = entries[at - STRIDE];
    }
    entries[bucket] = hash;
    entries[bucket + 1] = numbers;
  }

  private void grow() {
    long[] old = entries;
    entries = new long[old.length * 2];
    for (int bucket = 0; bucket < old.length; bucket += BUCKET * STRIDE) {
      for (int at = bucket + (BUCKET - 1) * STRIDE; at >= bucket; at -= STRIDE) {
        if (old[at] != 0) {
          push(bucket(old[at]), old[at], old[at + 1]);
        }
      }
    }
  }

  private int bucket(long hash) {
    int buckets = entries.length / (BUCKET * STRIDE);
    return ((int) (hash >>> 40) & (buckets - 1)) * BUCKET * STRIDE;
  }
}
