// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that lasts as long as its lease is renewed. Thread-safe. */
final class Lease implements HeldLock {
  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  private final LeasedLocks locks;
  private final LockLease granted;

  /** All others by this lock, so that a listener is told exactly once. */
  private final List<Runnable> listeners = new ArrayList<>();

  private State state = State.HELD;
  private volatile long endNanos;

  private enum State {
    HELD,
    LOST,
    CLOSED
  }

  Lease(LeasedLocks locks, LockLease granted, long endNanos) {
    this.locks = locks;
    this.granted = granted;
    this.endNanos = endNanos;
  }

  LockLease granted() {
    return granted;
  }

  @Override
  public String name() {
    return granted.name();
  }

  @Override
  public long token() {
    return granted.token();
  }

  @Override
  public synchronized boolean isHeld() {
    return state == State.HELD && locks.nanos() - endNanos < 0;
  }

  @Override
  public void onLost(Runnable listener) {
    synchronized (this) {
      if (state == State.HELD) {
        listeners.add(listener);
        return;
      }
      if (state == State.CLOSED) {
        return;
      }
    }
    tell(listener);
  }

  /** It lasts until then now. */
  void lasts(long end) {
    endNanos = end;
  }

  /** Nanoseconds until its end. */
  long left() {
    return endNanos - locks.nanos();
  }

  /** It is held no more: whoever wants to know is told. */
  void lost(String why) {
    List<Runnable> told;
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.LOST;
      told = List.copyOf(listeners);
    }
    log.warn(
        "The lock of {} with token {} is held no more, since {}: who works under it must stop, and"
            + " is fenced off where its token is compared",
        name(),
        token(),
        why);
    told.forEach(this::tell);
  }

  private void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException failure) {
      log.warn("A listener to the loss of the lock of {} failed", name(), failure);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.CLOSED;
      listeners.clear();
    }
    locks.giveBack(this);
  }
}
