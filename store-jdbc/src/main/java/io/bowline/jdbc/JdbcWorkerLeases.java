// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.id.LeaseTerms;
import io.bowline.id.WorkerLease;
import io.bowline.id.WorkerLeases;
import io.bowline.id.WorkerRange;
import io.bowline.jdbc.JdbcSchema.Table;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Worker ids lent by a database, in table {@code bowline_worker_lease}: a row for each, with its
 * owner, when it is free again by the database's clock, and up to which time it may have been used.
 * A row for each name with worker −1 is there to be locked. Thread-safe.
 */
public final class JdbcWorkerLeases implements WorkerLeases {
  private static final Table LEASES =
      new Table("bowline_worker_lease", "name, worker, owner, free_at, used_up_to");

  private final Transactions transactions;
  private final String name;

  private JdbcWorkerLeases(Transactions transactions, String name) {
    this.transactions = transactions;
    this.name = name;
  }

  /**
   * Worker ids under this name.
   *
   * @param name up to 64 printable ASCII characters. Processes whose ids must differ use the same
   * @throws IllegalArgumentException if that is no name
   */
  public static JdbcWorkerLeases in(DataSource database, String name) {
    return new JdbcWorkerLeases(
        new Transactions(database, LEASES), ShortName.checked("worker leases", name));
  }

  @Override
  public Optional<WorkerLease> take(WorkerRange range, String owner, LeaseTerms terms) {
    return transactions.run(
        "Taking a worker id of " + name,
        transaction -> {
          CommitToDisk.of(transaction);
          return new LeaseRows(transaction, name).take(range, owner, terms);
        });
  }

  @Override
  public boolean renew(WorkerLease lease, LeaseTerms terms) {
    return transactions.run(
        "Renewing worker id " + lease.worker() + " of " + name,
        transaction -> {
          CommitToDisk.of(transaction);
          return new LeaseRows(transaction, name).renew(lease, terms);
        });
  }

  @Override
  public void giveBack(WorkerLease lease, LeaseTerms terms) {
    boolean unused =
        transactions.run(
            "Giving back worker id " + lease.worker() + " of " + name,
            transaction -> {
              new LeaseRows(transaction, name).giveBack(lease, terms);
              return true;
            });
  }
}
