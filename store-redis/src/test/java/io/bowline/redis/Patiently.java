// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks a store until Redis answers again, at most a minute. */
final class Patiently {
  private Patiently() {}

  static <T> T ask(Supplier<T> asking) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try {
        return asking.get();
      } catch (RedisStoreException notYet) {
        if (System.nanoTime() - end >= 0) {
          throw new AssertionError("Redis does not answer", notYet);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }
}
