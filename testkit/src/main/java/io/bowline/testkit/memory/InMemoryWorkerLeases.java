// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerLeases;
import io.bowline.id.WorkerRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lends worker ids in memory, for tests: to what runs in this JVM. Thread-safe. */
public final class InMemoryWorkerLeases implements WorkerLeases {
  private final Map<Integer, Row> rows = new HashMap<>();

  /**
   * A worker id that was lent.
   *
   * @param freeAt when it is free again, in nanoseconds of the steady counter
   * @param upTo the last time at which it may have been used
   */
  private record Row(String owner, long freeAt, long upTo) {}

  /** A store of which nothing is lent. */
  public InMemoryWorkerLeases() {}

  @Override
  public synchronized Optional<WorkerLease> take(
      WorkerRange range, String owner, LeaseTerms terms) {
    for (int worker = range.first(); worker <= range.last(); worker++) {
      Row row = rows.get(worker);
      if (row == null || (row.freeAt - System.nanoTime() <= 0 && row.upTo < terms.from())) {
        rows.put(worker, new Row(owner, silentUntil(terms), terms.upTo()));
        return Optional.of(new WorkerLease(worker, owner));
      }
    }
    return Optional.empty();
  }

  private static long silentUntil(LeaseTerms terms) {
    return System.nanoTime() + terms.length().plus(terms.coolDown()).toNanos();
  }

  private boolean isOf(WorkerLease lease) {
    Row row = rows.get(lease.worker());
    return row != null && row.owner.equals(lease.owner());
  }

  @Override
  public synchronized boolean renew(WorkerLease lease, LeaseTerms terms) {
    if (!isOf(lease)) {
      return false;
    }
    rows.computeIfPresent(
        lease.worker(),
        (worker, row) -> new Row(row.owner, silentUntil(terms), Math.max(row.upTo, terms.upTo())));
    return true;
  }

  @Override
  public synchronized void giveBack(WorkerLease lease, LeaseTerms terms) {
    if (isOf(lease)) {
      long freeAt = System.nanoTime() + terms.coolDown().toNanos();
      rows.put(lease.worker(), new Row("", freeAt, terms.upTo()));
    }
  }
}
