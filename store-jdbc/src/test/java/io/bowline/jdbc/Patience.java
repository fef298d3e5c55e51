// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what will be so, up to 2 min. */
final class Patience {
  private static final long NANOS = TimeUnit.MINUTES.toNanos(2);

  private Patience() {}

  static void until(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + NANOS;
    while (!holds.call()) {
      assertTrue(System.nanoTime() < end, () -> "waited in vain until " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
