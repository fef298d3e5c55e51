// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for a microsecond or two by callers and by the client's thread in turn: who
 * finds it taken spins for about as long before it sleeps, since to sleep and be woken costs more
 * than a whole send.
 */
final class LaneLock extends ReentrantLock {
  private static final long serialVersionUID = 1L;
  private static final int SPINS = 200;

  /** The longest that a client's thread waits to tell a failure. */
  private static final long LONGEST_HOLD_UP_MILLIS = 1_000;

  private static final boolean SPINNING_HELPS = Runtime.getRuntime().availableProcessors() > 1;

  @Override
  public void lock() {
    if (!tryLockSoon()) {
      super.lock();
    }
  }

  /** Whether it is free now, or becomes so at once. */
  boolean tryLockSoon() {
    boolean mine = tryLock();
    for (int i = 0; i < SPINS && !mine && SPINNING_HELPS; i++) {
      Thread.onSpinWait();
      mine = !isLocked() && tryLock();
    }
    return mine;
  }

  /** Waits briefly for whoever has it; false if that takes too long, or is interrupted. */
  boolean tryLockBriefly() {
    try {
      return tryLock(LONGEST_HOLD_UP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return tryLock();
    }
  }
}
