// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test expects, with patience. */
public final class Await {
  /** How long a test waits for what must come: far longer than it takes. */
  public static final long PATIENCE_SECONDS = 20;

  private Await() {}

  /** Returns once this holds. */
  public static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Waited in vain until " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
