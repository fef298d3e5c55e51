// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.consumer.Postponed;
import io.bowline.jdbc.InboxVerdict.Stage;
import io.bowline.jdbc.Transactions.Kind;
import io.bowline.message.Received;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the handler's work in the transaction that remembers the message, by its id or by the number
 * of its key, and carries out what {@link InboxVerdict} says of its failures. Thread-safe.
 */
final class InboxRun {
  private static final Logger log = LoggerFactory.getLogger(InboxRun.class);

  private final DataSource source;
  private final Transactions known;
  private final String memory;
  private final int networkMillis;
  private final LongAdder duplicates = new LongAdder();

  /** Remembers messages in the transaction of their effects. */
  interface Claim {
    /**
     * Writes down that they take effect.
     *
     * @return those that are to take effect now, in their order
     */
    List<Received> take(Transaction transaction, List<Received> messages) throws SQLException;
  }

  /** What is done for messages that were not done before. */
  interface Work {
    void in(List<Received> fresh, Connection connection) throws Exception;
  }

  private record Task(List<Received> messages, Claim claim, Work work) {}

  /**
   * One attempt that failed.
   *
   * @param place where the database is, if that is known
   */
  private record Failure(Stage stage, SqlFailure kind, Throwable thrown, @Nullable Kind place) {}

  /**
   * @param known finds out what the database is
   * @param memory what remembers, for people: {@code "The inbox in table bowline_inbox"}
   */
  InboxRun(DataSource source, Transactions known, String memory, Duration timeout) {
    this.source = source;
    this.known = known;
    this.memory = memory;
    long millis = Math.max(timeout.toMillis(), Transactions.NETWORK_SECONDS * 1_000L);
    this.networkMillis = Math.toIntExact(millis);
  }

  /** How many messages came that were done before. */
  long duplicates() {
    return duplicates.sum();
  }

  /**
   * Does the work for those messages that were not done before, if any.
   *
   * @throws Postponed if the database does not do its part
   * @throws Exception the handler's
   */
  void run(List<Received> messages, Claim claim, Work work) throws Exception {
    Task task = new Task(messages, claim, work);
    long begun = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      Failure failure = once(task);
      if (failure == null) {
        return;
      }
      Duration since = Duration.ofNanos(System.nanoTime() - begun);
      switch (InboxVerdict.of(failure.stage, failure.kind, attempt, since)) {
        case AGAIN ->
            log.debug("{} is done again after attempt {}", messages, attempt, failure.thrown);
        case POSTPONE -> throw postponed(failure, attempt);
        case THROW -> raise(failure.thrown);
      }
    }
  }

  private Postponed postponed(Failure failure, int attempt) {
    String what =
        switch (failure.stage) {
          case CONNECT -> "the data source gave no connection";
          case BEFORE -> "the message could not be looked for and remembered";
          case HANDLER -> "the database could not do what the handler asked of it";
          case COMMIT -> "the commit was not done, or its answer did not come";
        };
    String place = failure.place == null ? "the database" : failure.place.place();
    return new Postponed(
        "%s at %s: %s, attempt %d of at most %d: %s"
            .formatted(
                memory, place, what, attempt, InboxVerdict.ATTEMPTS, failure.thrown.getMessage()),
        failure.thrown);
  }

  private static void raise(Throwable thrown) throws Exception {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (Exception) thrown;
  }

  private @Nullable Failure once(Task task) {
    Connection connection;
    try {
      connection = source.getConnection();
    } catch (SQLException | RuntimeException failure) {
      return new Failure(Stage.CONNECT, SqlFailure.BROKEN, failure, known.kind());
    }
    Kind kind = null;
    Loan loan;
    try {
      kind = known.kind(connection);
      loan = Loan.of(connection, kind, networkMillis);
    } catch (SQLException | RuntimeException failure) {
      Transactions.close(connection, failure);
      return failed(Stage.BEFORE, failure, kind);
    }
    try {
      Failure failure = inside(connection, kind, task);
      if (failure != null) {
        Transactions.rollBack(connection, failure.thrown);
      }
      return failure;
    } finally {
      loan.giveBack();
    }
  }

  private @Nullable Failure inside(Connection connection, Kind kind, Task task) {
    List<Received> fresh;
    try {
      fresh = task.claim.take(new Transaction(connection, kind.dialect()), task.messages);
    } catch (SQLException | RuntimeException failure) {
      return failed(Stage.BEFORE, failure, kind);
    }
    Failure failure = fresh.isEmpty() ? null : handled(connection, kind, fresh, task.work);
    if (failure != null) {
      return failure;
    }
    try {
      connection.commit();
    } catch (SQLException uncertain) {
      SqlFailure said = InboxVerdict.ofCommit(kind.dialect(), uncertain);
      return new Failure(Stage.COMMIT, said, uncertain, kind);
    }
    duplicates.add((long) task.messages.size() - fresh.size());
    return null;
  }

  private static @Nullable Failure handled(
      Connection connection, Kind kind, List<Received> fresh, Work work) {
    LentConnection lent = new LentConnection(connection, kind.dialect());
    Throwable thrown = null;
    try {
      work.in(fresh, lent.guarded());
    } catch (Throwable any) { // whatever it is, nothing of it may be committed
      thrown = any;
    } finally {
      lent.end();
    }
    return ended(lent, thrown, kind);
  }

  /** How a handler ended. What other databases threw says nothing of this transaction. */
  private static @Nullable Failure ended(
      LentConnection lent, @Nullable Throwable thrown, Kind kind) {
    SQLException doomed = lent.doomed();
    if (doomed != null) {
      SqlFailure said = SqlFailure.of(kind.dialect(), doomed);
      return new Failure(Stage.HANDLER, said, thrown == null ? doomed : thrown, kind);
    }
    if (thrown == null) {
      return null;
    }
    boolean ours = SqlFailure.in(thrown).filter(lent::threw).isPresent();
    return ours
        ? failed(Stage.HANDLER, thrown, kind)
        : new Failure(Stage.HANDLER, SqlFailure.OTHER, thrown, kind);
  }

  private static Failure failed(Stage stage, Throwable failure, @Nullable Kind kind) {
    SqlFailure said =
        kind == null
            ? SqlFailure.OTHER
            : SqlFailure.in(failure)
                .map(sql -> SqlFailure.of(kind.dialect(), sql))
                .orElse(SqlFailure.OTHER);
    return new Failure(stage, said, failure, kind);
  }
}
