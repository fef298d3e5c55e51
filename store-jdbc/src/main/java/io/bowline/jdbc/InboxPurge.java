// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Deletes an inbox's old rows, by a {@link PurgeThread} unless that is done by hand. */
final class InboxPurge implements AutoCloseable {
  /** How many rows are deleted in one transaction: 1,000. */
  static final int ROWS_AT_ONCE = PurgeThread.ROWS_AT_ONCE;

  /** How much later than its row's time an effect may be committed: an hour. */
  private static final Duration LONGEST_HANDLER = Duration.ofHours(1);

  private final Transactions transactions;
  private final InboxRows rows;
  private final Duration older;
  private final String group;
  private final @Nullable PurgeThread thread;

  InboxPurge(Transactions transactions, InboxRows rows, JdbcInboxBuilder settings) {
    this.transactions = transactions;
    this.rows = rows;
    this.older = settings.remembers.plus(LONGEST_HANDLER);
    this.group = settings.group;
    this.thread = settings.purgesItself ? started(settings.purgeEvery) : null;
  }

  private PurgeThread started(Duration every) {
    String name = "bowline-inbox-purge-" + group;
    return new PurgeThread(name, "the inbox of group " + group, this::some, every);
  }

  private int some() {
    return transactions.run(
        "Deleting old rows of the inbox of group " + group,
        transaction -> rows.delete(transaction, older, ROWS_AT_ONCE));
  }

  /** Deletes all that are old, without rest, and returns how many. */
  long all() {
    return PurgeThread.all(this::some);
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.close();
    }
  }
}
