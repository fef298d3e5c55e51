// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.lock.LeasedLocks;
import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import java.time.Duration;
import java.util.Optional;

/** A store of lock leases that a process can lose the way to. Thread-safe. */
public final class SeverableLeases implements LockLeases {
  private final LockLeases store;
  private volatile boolean severed;

  private SeverableLeases(LockLeases store) {
    this.store = store;
  }

  /** Locks of this store, as a process opens them for {@link KeyLockConformance}. */
  public static KeyLockConformance.Opened process(LockLeases store, Duration lease) {
    SeverableLeases way = new SeverableLeases(store);
    return new KeyLockConformance.Opened(LeasedLocks.in(way, lease), way::sever);
  }

  private void sever() {
    severed = true;
  }

  private LockLeases reached() {
    if (severed) {
      throw new IllegalStateException("The way to the store is cut");
    }
    return store;
  }

  @Override
  public Optional<LockLease> take(String name, String owner, Duration length) {
    return reached().take(name, owner, length);
  }

  @Override
  public boolean renew(LockLease lease, Duration length) {
    return reached().renew(lease, length);
  }

  @Override
  public void giveBack(LockLease lease) {
    reached().giveBack(lease);
  }
}
