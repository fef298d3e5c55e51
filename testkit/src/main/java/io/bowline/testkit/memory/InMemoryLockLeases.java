// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lends locks in memory, for tests: to what runs in this JVM. Thread-safe. */
public final class InMemoryLockLeases implements LockLeases {
  private final Map<String, Row> rows = new HashMap<>();

  /**
   * A lock that was lent.
   *
   * @param freeAt when it is free again, in nanoseconds of the steady counter
   */
  private record Row(String owner, long token, long freeAt) {}

  /** A store of which nothing is lent. */
  public InMemoryLockLeases() {}

  @Override
  public synchronized Optional<LockLease> take(String name, String owner, Duration length) {
    Row row = rows.get(name);
    if (row != null && row.freeAt - System.nanoTime() > 0) {
      return Optional.empty();
    }
    long token = row == null ? 1 : row.token + 1;
    rows.put(name, new Row(owner, token, System.nanoTime() + length.toNanos()));
    return Optional.of(new LockLease(name, owner, token));
  }

  @Override
  public synchronized boolean renew(LockLease lease, Duration length) {
    Row row = rows.get(lease.name());
    if (row == null || !row.owner.equals(lease.owner())) {
      return false;
    }
    rows.put(lease.name(), new Row(row.owner, row.token, System.nanoTime() + length.toNanos()));
    return true;
  }

  @Override
  public synchronized void giveBack(LockLease lease) {
    Row row = rows.get(lease.name());
    if (row != null && row.owner.equals(lease.owner())) {
      rows.put(lease.name(), new Row("", row.token, System.nanoTime()));
    }
  }
}
