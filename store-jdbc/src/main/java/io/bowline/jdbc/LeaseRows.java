// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerRange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of one name in the table of worker leases, in one transaction. */
final class LeaseRows {
  private static final String WHERE = " where name = ? and worker = ?";
  private static final String LOCK = "update bowline_worker_lease set free_at = 0" + WHERE;
  private static final String INSERT =
      "insert into bowline_worker_lease (name, worker, owner, free_at, used_up_to)"
          + " values (?, ?, ?, ?, ?)";
  private static final String READ =
      "select worker, free_at, used_up_to from bowline_worker_lease"
          + " where name = ? and worker between ? and ? order by free_at, worker";
  private static final String TAKE =
      "update bowline_worker_lease set owner = ?, free_at = ?, used_up_to = ?"
          + WHERE
          + " and free_at = ?";
  private static final String RENEW =
      "update bowline_worker_lease set free_at = ?,"
          + " used_up_to = case when used_up_to > ? then used_up_to else ? end"
          + WHERE
          + " and owner = ?";
  private static final String GIVE_BACK =
      "update bowline_worker_lease set owner = '', free_at = ?, used_up_to = ?"
          + WHERE
          + " and owner = ?";

  /** Locked by who takes, so that takers come one after the other. */
  private static final int LOCKED = -1;

  private final Transaction transaction;
  private final String name;

  LeaseRows(Transaction transaction, String name) {
    this.transaction = transaction;
    this.name = name;
  }

  private record Row(int worker, long freeAt, long usedUpTo) {
    boolean isFree(long now, long from) {
      return freeAt <= now && usedUpTo < from;
    }
  }

  /** Takes the worker id that is free longest, else one that was never taken. */
  Optional<WorkerLease> take(WorkerRange range, String owner, LeaseTerms terms)
      throws SQLException {
    lock();
    long now = DatabaseTime.now(transaction);
    List<Row> rows = read(range);
    for (Row row : rows) {
      // Nobody but its last owner may have changed it since, who then keeps it.
      if (row.isFree(now, terms.from()) && take(row, owner, now, terms)) {
        return Optional.of(new WorkerLease(row.worker, owner));
      }
    }
    for (int worker = range.first(); worker <= range.last(); worker++) {
      int unused = worker;
      if (rows.stream().noneMatch(row -> row.worker == unused)) {
        insert(worker, owner, freeAt(now, terms), terms.upTo());
        return Optional.of(new WorkerLease(worker, owner));
      }
    }
    return Optional.empty();
  }

  private static long freeAt(long now, LeaseTerms terms) {
    return now + terms.length().plus(terms.coolDown()).toMillis();
  }

  private void lock() throws SQLException {
    try (PreparedStatement lock = transaction.prepare(LOCK)) {
      lock.setString(1, name);
      lock.setInt(2, LOCKED);
      if (lock.executeUpdate() == 0) {
        insert(LOCKED, "", 0, 0);
      }
    }
  }

  private void insert(int worker, String owner, long freeAt, long usedUpTo) throws SQLException {
    try (PreparedStatement insert = transaction.prepare(INSERT)) {
      insert.setString(1, name);
      insert.setInt(2, worker);
      insert.setString(3, owner);
      insert.setLong(4, freeAt);
      insert.setLong(5, usedUpTo);
      var unused = insert.executeUpdate();
    }
  }

  private List<Row> read(WorkerRange range) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement read = transaction.prepare(READ)) {
      read.setString(1, name);
      read.setInt(2, range.first());
      read.setInt(3, range.last());
      try (ResultSet row = read.executeQuery()) {
        while (row.next()) {
          rows.add(new Row(row.getInt(1), row.getLong(2), row.getLong(3)));
        }
      }
    }
    return rows;
  }

  private boolean take(Row row, String owner, long now, LeaseTerms terms) throws SQLException {
    try (PreparedStatement take = transaction.prepare(TAKE)) {
      take.setString(1, owner);
      take.setLong(2, freeAt(now, terms));
      take.setLong(3, Math.max(row.usedUpTo, terms.upTo()));
      take.setString(4, name);
      take.setInt(5, row.worker);
      take.setLong(6, row.freeAt);
      return take.executeUpdate() == 1;
    }
  }

  boolean renew(WorkerLease lease, LeaseTerms terms) throws SQLException {
    long now = DatabaseTime.now(transaction);
    try (PreparedStatement renew = transaction.prepare(RENEW)) {
      renew.setLong(1, freeAt(now, terms));
      renew.setLong(2, terms.upTo());
      renew.setLong(3, terms.upTo());
      renew.setString(4, name);
      renew.setInt(5, lease.worker());
      renew.setString(6, lease.owner());
      return renew.executeUpdate() == 1;
    }
  }

  void giveBack(WorkerLease lease, LeaseTerms terms) throws SQLException {
    long now = DatabaseTime.now(transaction);
    try (PreparedStatement end = transaction.prepare(GIVE_BACK)) {
      end.setLong(1, now + terms.coolDown().toMillis());
      end.setLong(2, terms.upTo());
      end.setString(3, name);
      end.setInt(4, lease.worker());
      end.setString(5, lease.owner());
      var unused = end.executeUpdate();
    }
  }
}
