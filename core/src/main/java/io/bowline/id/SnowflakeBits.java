// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * How time, worker and count lie in a Snowflake id, and which one follows. A <em>tick</em> is a
 * millisecond and a count in it, in one number. Pure.
 */
final class SnowflakeBits {
  static final int WORKERS = 1 << 10;

  /** The first millisecond whose ids would not fit into 63 bits. */
  static final long END_MILLIS = 1L << 41;

  /** The tick before the first one. */
  static final long NONE = -1;

  /** What {@link #after} says if the clock must go on first. */
  static final long WAIT = -2;

  private static final int COUNT_BITS = 12;
  private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
  private static final int WORKER_BITS = 10;

  private SnowflakeBits() {}

  /** The id of a worker at a tick. */
  static long id(long tick, int worker) {
    long millis = tick >>> COUNT_BITS;
    return (millis << (WORKER_BITS + COUNT_BITS))
        | ((long) worker << COUNT_BITS)
        | (tick & COUNT_MASK);
  }

  /** The milliseconds since the epoch in an id. */
  static long millisOf(long id) {
    return id >>> (WORKER_BITS + COUNT_BITS);
  }

  static int workerOf(long id) {
    return (int) (id >>> COUNT_BITS) & (WORKERS - 1);
  }

  /** The millisecond of a tick; -1 of none. */
  static long millis(long tick) {
    return tick >> COUNT_BITS;
  }

  /** The last tick before a millisecond. */
  static long before(long millis) {
    return (millis << COUNT_BITS) - 1;
  }

  /** The tick that follows the last one at this time: always a greater one, else {@link #WAIT}. */
  static long after(long last, long now) {
    long lastMillis = millis(last);
    if (now > lastMillis) {
      return now << COUNT_BITS;
    }
    return now == lastMillis && (last & COUNT_MASK) != COUNT_MASK ? last + 1 : WAIT;
  }

  /** How many milliseconds the clock has to go on until a tick follows the last one. */
  static long behind(long last, long now) {
    return millis(last + 1) - now;
  }
}
