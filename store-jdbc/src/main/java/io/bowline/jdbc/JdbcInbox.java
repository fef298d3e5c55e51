// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.BatchHandler;
import io.bowline.consumer.Handler;
import io.bowline.consumer.Postponed;
import io.bowline.dedupe.Remembers;
import io.bowline.message.Received;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Gives each message its effect in a database exactly once, however often it comes: the handler
 * works in the transaction that also inserts the message's row into table {@code bowline_inbox}.
 * Both are committed or neither is, and a message whose row is there is acknowledged without a call
 * of the handler.
 *
 * <pre>{@code
 * JdbcInbox inbox = JdbcInbox.in(dataSource, "bean-service").open();
 * bowline.consumer("beans.deduct", "bean-service").start(inbox.handler(
 *     (message, connection) -> beans.deduct(connection, message.text())));
 * }</pre>
 *
 * <p>Of two members that have the same message one does the work; the other waits up to {@value
 * Transactions#QUERY_SECONDS} s for its end, and then either has nothing to do or does the work
 * itself. A transaction that lost against another, whose connection broke or whose commit got no
 * answer is done again, row and effect, at most {@value InboxVerdict#ATTEMPTS} times in a call: its
 * row tells whether it had been committed. While the database is down, full or read-only the
 * message is {@link Postponed}: it stays, and spends no attempt.
 *
 * <p>A message is known by its topic, the group and its id: the stamp's, or the broker's own for a
 * message without a stamp. The page {@code docs/effects-once.md} says what follows from that, and
 * what an inbox does not promise. Thread-safe.
 */
public final class JdbcInbox implements AutoCloseable {
  private static final String MEMORY = "The inbox in table " + InboxRows.NAME;

  private final InboxRows rows;
  private final InboxRun run;
  private final InboxPurge purge;
  private final Duration remembers;

  JdbcInbox(JdbcInboxBuilder settings) {
    InboxRows rows = new InboxRows(settings.group, settings.timeout);
    Transactions transactions = new Transactions(settings.database, InboxRows.TABLE);
    this.rows = rows;
    this.run = new InboxRun(settings.database, transactions, MEMORY, settings.timeout);
    this.remembers = settings.remembers;
    this.purge = new InboxPurge(transactions, rows, settings);
  }

  /**
   * An inbox of a group, in this database, where the handlers' effects are too.
   *
   * @param group the consumer's group; two groups know nothing of each other's messages
   * @throws IllegalArgumentException if it is blank
   */
  public static JdbcInboxBuilder in(DataSource database, String group) {
    return new JdbcInboxBuilder(database, group);
  }

  /** A consumer's handler of single messages, for {@code start}. */
  public Handler handler(InboxHandler work) {
    Objects.requireNonNull(work);
    return new Single(this, work);
  }

  /**
   * A consumer's handler of batches, for {@code startBatches}: all messages of a batch in one
   * transaction, less those done before. One that fails takes the others of its batch back with it;
   * they come again, at the end each alone.
   */
  public BatchHandler batchHandler(InboxBatchHandler work) {
    Objects.requireNonNull(work);
    return new Several(this, work);
  }

  /** How many messages came, to this object, that had been done before. */
  public long duplicates() {
    return run.duplicates();
  }

  /**
   * Deletes the rows of the group that are older than it remembers, {@value
   * InboxPurge#ROWS_AT_ONCE} in a transaction, and returns how many. It is done in the background
   * anyway, unless {@link JdbcInboxBuilder#purgeByHand} was said; by this at once, as at night.
   *
   * @throws JdbcStoreException if the database fails; what was deleted until then stays deleted
   */
  public long purge() {
    return purge.all();
  }

  /** Ends the background work. Handlers go on: close their consumer first. */
  @Override
  public void close() {
    purge.close();
  }

  /** What a consumer is told of how long it remembers. */
  private abstract static sealed class Memory implements Remembers permits Single, Several {
    final JdbcInbox inbox;

    Memory(JdbcInbox inbox) {
      this.inbox = inbox;
    }

    @Override
    public Duration remembers() {
      return inbox.remembers;
    }

    @Override
    public String memory() {
      return MEMORY;
    }
  }

  private static final class Single extends Memory implements Handler {
    private final InboxHandler work;

    Single(JdbcInbox inbox, InboxHandler work) {
      super(inbox);
      this.work = work;
    }

    @Override
    public void handle(Received message) throws Exception {
      inbox.run.run(
          List.of(message),
          inbox.rows::insert,
          (fresh, connection) -> work.handle(message, connection));
    }
  }

  private static final class Several extends Memory implements BatchHandler {
    private final InboxBatchHandler work;

    Several(JdbcInbox inbox, InboxBatchHandler work) {
      super(inbox);
      this.work = work;
    }

    @Override
    public void handle(List<Received> messages) throws Exception {
      inbox.run.run(messages, inbox.rows::insert, work::handle);
    }
  }
}
