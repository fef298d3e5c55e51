// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.jdbc.JdbcSchema;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalPostgres;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that waits for its disk at each commit, with the memory it has by default, and a
 * Kafka broker. Each turn has a topic of its own, gone after it.
 */
final class Place implements AutoCloseable {
  static final int LANES = 8;
  private static final int CONNECTIONS = 16;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final BrokerServer postgres =
      LocalPostgres.startNew("fsync=on", "shared_buffers=128MB", "max_wal_size=4GB");
  private final BrokerServer kafka = Servers.kafka();
  private final String hosts = String.join(",", BrokerAddress.parse(kafka.address()).hosts(9092));
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", hosts));
  private final Bowline bowline = Bowline.connect(kafka.address());
  private final HikariDataSource pool = pool(postgres.address());
  private @Nullable String topic;

  /** Makes the tables. */
  Place() {
    JdbcSchema.of(pool).create();
  }

  private static HikariDataSource pool(String address) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED"); // as stores.md advises
    return new HikariDataSource(config);
  }

  DataSource database() {
    return pool;
  }

  String databaseAddress() {
    return postgres.address();
  }

  String kafkaHosts() {
    return hosts;
  }

  Bowline bowline() {
    return bowline;
  }

  /** A topic that nobody has written to; the one before it is deleted. */
  String freshTopic() throws Exception {
    if (topic != null) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
    String fresh = "outbox-" + Long.toString(System.nanoTime(), 36);
    bowline.admin().ensure(TopicSpec.of(fresh).lanes(LANES));
    topic = fresh;
    return fresh;
  }

  /** How many messages lie in a topic. */
  long stored(String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, LANES)
            .boxed()
            .collect(
                Collectors.toMap(
                    lane -> new TopicPartition(topic, lane), lane -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** Removes the traces of earlier turns, so that none pays for another's. */
  void tidy() throws SQLException {
    execute("vacuum analyze");
    execute("checkpoint");
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Waits until this answers with no row. */
  void awaitNone(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      while (any(statement, sql)) {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }

  private static boolean any(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next();
    }
  }

  @Override
  public void close() {
    pool.close();
    bowline.close();
    admin.close();
    postgres.close();
  }
}
