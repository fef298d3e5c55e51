// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outboxes;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The transaction outbox of gruelbox, flushed by 16 threads; this version keeps no order. */
public final class GruelboxOutbox implements AutoCloseable {
  private static final int THREADS = 16;
  private static final int AT_ONCE = 500;
  private static final int FLUSHED_AT_ONCE = 4_096;
  private static final Duration NOT_AGAIN = Duration.ofMinutes(30);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final HikariDataSource pool;
  private final Sends sends;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ThreadLocalContextTransactionManager transactions;
  private final TransactionOutbox outbox;
  private volatile boolean draining;

  /** Opens it: settings are hosts, topic and database. */
  public GruelboxOutbox(Map<String, String> settings) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.getOrDefault("database", ""));
    config.setDriverClassName("org.postgresql.Driver"); // of a class loader of its own
    config.setMaximumPoolSize(THREADS + 1);
    this.pool = new HikariDataSource(config);
    this.sends = new Sends(settings);
    this.transactions = TransactionManager.fromDataSource(pool);
    Submitter pooled = Submitter.withExecutor(threads);
    this.outbox =
        TransactionOutbox.builder()
            .transactionManager(transactions)
            .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
            .instantiator(Instantiator.using(type -> sends))
            .attemptFrequency(NOT_AGAIN)
            .flushBatchSize(FLUSHED_AT_ONCE)
            .submitter(
                (entry, work) -> {
                  if (draining) {
                    pooled.submit(entry, work);
                  }
                })
            .build();
  }

  /** Schedules so many sends, and begins none. */
  public void fill(int messages) throws SQLException {
    execute("truncate txno_outbox");
    for (int from = 0; from < messages; from += AT_ONCE) {
      int begin = from;
      int end = Math.min(messages, from + AT_ONCE);
      transactions.inTransaction(
          () -> {
            for (int number = begin; number < end; number++) {
              outbox.schedule(Sending.class).send(Sends.key(number), sends.body());
            }
          });
    }
    execute("update txno_outbox set nextattempttime = now() - interval '1 hour'"); // all are due
  }

  /** Sends all, and returns once none is left. */
  public void drain(int messages) throws SQLException {
    draining = true;
    while (outbox.flush()) {
      Thread.onSpinWait();
    }
    while (sends.sent() < messages || isAny()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private boolean isAny() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select 1 from txno_outbox limit 1")) {
      return row.next();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    sends.close();
    pool.close();
  }
}
