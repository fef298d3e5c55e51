// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Leases as their contract says, by a clock in milliseconds, with faults to order. */
final class ModelLeases implements WorkerLeases {
  private final LongSupplier millis;
  private final Map<Integer, Row> rows = new HashMap<>();
  final List<String> asked = new ArrayList<>();

  /** The request does not arrive. */
  boolean unreachable;

  /** The request is done, and its answer is lost. */
  boolean mute;

  private record Row(String owner, long freeAt, long upTo) {}

  ModelLeases(LongSupplier millis) {
    this.millis = millis;
  }

  private <T> T answer(String request, java.util.function.Supplier<T> doing) {
    asked.add(request);
    if (unreachable) {
      throw new IllegalStateException("store is down");
    }
    T answer = doing.get();
    if (mute) {
      throw new IllegalStateException("no answer");
    }
    return answer;
  }

  @Override
  public synchronized Optional<WorkerLease> take(
      WorkerRange range, String owner, LeaseTerms terms) {
    return answer("take", () -> free(range, owner, terms));
  }

  private Optional<WorkerLease> free(WorkerRange range, String owner, LeaseTerms terms) {
    for (int worker = range.first(); worker <= range.last(); worker++) {
      Row row = rows.get(worker);
      if (row == null || (row.freeAt <= millis.getAsLong() && row.upTo < terms.from())) {
        rows.put(worker, new Row(owner, freeAt(terms), terms.upTo()));
        return Optional.of(new WorkerLease(worker, owner));
      }
    }
    return Optional.empty();
  }

  private long freeAt(LeaseTerms terms) {
    return millis.getAsLong() + terms.length().plus(terms.coolDown()).toMillis();
  }

  @Override
  public synchronized boolean renew(WorkerLease lease, LeaseTerms terms) {
    return answer("renew " + lease.worker(), () -> renewed(lease, terms));
  }

  private boolean renewed(WorkerLease lease, LeaseTerms terms) {
    Row row = rows.get(lease.worker());
    if (row == null || !row.owner.equals(lease.owner())) {
      return false;
    }
    long upTo = Math.max(row.upTo, terms.upTo());
    rows.put(lease.worker(), new Row(row.owner, freeAt(terms), upTo));
    return true;
  }

  @Override
  public synchronized void giveBack(WorkerLease lease, LeaseTerms terms) {
    var unused = answer("giveBack " + lease.worker(), () -> ended(lease, terms));
  }

  private boolean ended(WorkerLease lease, LeaseTerms terms) {
    Row row = rows.get(lease.worker());
    if (row == null || !row.owner.equals(lease.owner())) {
      return false;
    }
    long freeAt = millis.getAsLong() + terms.coolDown().toMillis();
    rows.put(lease.worker(), new Row("", freeAt, terms.upTo()));
    return true;
  }

  /** As if its row had been taken by somebody else. */
  synchronized void giveAway(int worker) {
    rows.put(worker, new Row("somebody else", Long.MAX_VALUE, Long.MAX_VALUE));
  }

  /** Up to which time a worker id may have been used. */
  synchronized long upTo(int worker) {
    Row row = rows.get(worker);
    return row == null ? -1 : row.upTo;
  }
}
