// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * UUIDs of version 7 (RFC 9562): 48 bits of Unix milliseconds, 12 bits that count within one
 * millisecond, and 62 random bits. Ids of one instance rise strictly, also when the clock is set
 * back: then the last time is kept until the clock has caught up. Thread-safe.
 */
public final class UuidV7Ids implements MessageIds {
  private static final int LENGTH = 36;
  private static final int COUNT_LIMIT = 1 << 12;
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final long RANDOM_BITS = 0x3fffffffffffffffL;

  private final Clock clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private long millis;
  private int count;

  /** Ids by this clock and these random numbers, for tests and simulations. */
  public UuidV7Ids(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Ids by the system's clock, from a generator with a 256-bit seed of the system's entropy. */
  public static UuidV7Ids system() {
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    return new UuidV7Ids(
        Clock.systemUTC(), RandomGeneratorFactory.of("L64X256MixRandom").create(seed));
  }

  @Override
  public String next() {
    long time;
    long low;
    int number;
    lock.lock();
    try {
      advance(clock.millis());
      time = millis;
      number = count;
      low = random.nextLong();
    } finally {
      lock.unlock();
    }
    return new UUID((time << 16) | VERSION_7 | number, VARIANT | (low & RANDOM_BITS)).toString();
  }

  /**
   * The Unix milliseconds in an id of version 7, by the clock of whoever made it; empty if this is
   * none.
   */
  public static OptionalLong millis(String id) {
    try {
      UUID uuid = id.length() == LENGTH ? UUID.fromString(id) : null;
      return uuid != null && uuid.version() == 7 && uuid.variant() == 2
          ? OptionalLong.of(uuid.getMostSignificantBits() >>> 16)
          : OptionalLong.empty();
    } catch (IllegalArgumentException another) {
      return OptionalLong.empty();
    }
  }

  private void advance(long now) {
    if (now > millis) {
      millis = now;
      count = 0;
    } else if (++count == COUNT_LIMIT) {
      millis++;
      count = 0;
    }
  }
}
