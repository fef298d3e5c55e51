// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.io.File;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Relays in processes of their own, killed and frozen while services write to one outbox: from real
 * databases to a real Kafka, and to a consumer with an inbox.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class OutboxKillsIT {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int KILLS = LONG ? 100 : 3;
  private static final int RELAYS = LONG ? 4 : 2;
  private static final int KEYS = LONG ? 10_000 : 200;
  private static final int WRITERS = 4;
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final String name = "kills-" + UUID.randomUUID();
  private final BrokerServer server;
  private final HikariDataSource database;
  private final Bowline bowline = Bowline.connect(Servers.kafka().address());
  private final Set<String> committed = ConcurrentHashMap.newKeySet();
  private final String table = "effects_" + UUID.randomUUID().toString().replace('-', '_');
  private final Map<String, List<Long>> firstNumbers = new ConcurrentHashMap<>();
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();
  private final List<RelayProcess> relays = new ArrayList<>();
  private final List<ReliableConsumer> consumers = new ArrayList<>();
  private volatile boolean writing = true;

  @TempDir private File folder;

  OutboxKillsIT(TestDatabases kind) {
    server = kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb();
    database = TestDatabases.pool(server);
    JdbcSchema.of(database).create();
    sql("create table " + table + " (id varchar(100) not null)");
    bowline.admin().ensure(TopicSpec.of(name).lanes(4).groups("order", "inbox"));
  }

  @AfterEach
  void close() {
    relays.forEach(RelayProcess::kill);
    bowline.close();
    database.close();
  }

  private RelayProcess relay() {
    RelayProcess relay =
        RelayProcess.start(
            new File(folder, "relays.log"), Servers.kafka().address(), server.address(), name);
    relays.add(relay);
    return relay;
  }

  private void consume() {
    JdbcInbox inbox = JdbcInbox.in(database, "inbox-" + name).purgeByHand().open();
    consumers.add(bowline.consumer(name, "inbox").start(inbox.handler(this::effect)));
    consumers.add(bowline.consumer(name, "order").start(this::noteOrder));
  }

  private void effect(Received message, Connection connection) throws SQLException {
    String insert = "insert into " + table + " values (?)";
    try (PreparedStatement row = connection.prepareStatement(insert)) {
      row.setString(1, message.id());
      int unused = row.executeUpdate();
    }
  }

  private void sql(String text) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(text);
    } catch (SQLException failure) {
      throw new AssertionError(text, failure);
    }
  }

  private int count(String what) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(" + what + ") from " + table)) {
      return row.next() ? row.getInt(1) : -1;
    }
  }

  private void noteOrder(Received message) {
    if (arrived.add(message.id())) {
      long number = message.stamp().orElseThrow().keyNumber().orElseThrow().sequence();
      String key = message.key().orElseThrow();
      firstNumbers.computeIfAbsent(key, first -> new ArrayList<>()).add(number);
    }
  }

  /** Transactions of one to three messages, one in eight rolled back. */
  private int write(long seed) throws Exception {
    Random random = new Random(seed);
    JdbcOutbox outbox = JdbcOutbox.in(database, name).keySequences(name);
    int transactions = 0;
    while (writing) {
      List<Message> messages = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        messages.add(Message.to(name).key("k" + random.nextInt(KEYS)).text("bean"));
      }
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        List<String> ids = outbox.append(connection, messages);
        if (random.nextInt(8) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          committed.addAll(ids);
        }
        connection.setAutoCommit(true);
      }
      transactions++;
      LockSupport.parkNanos(random.nextInt(5_000_000));
    }
    return transactions;
  }

  @Test
  void relaysThatAreKilledAndFrozenLoseNothingAndKeepTheOrder() throws Exception {
    Random random = new Random(7);
    consume();
    for (int i = 0; i < RELAYS; i++) {
      var unused = relay();
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        long seed = i;
        writers.add(threads.submit(() -> write(seed)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        int before = arrived.size();
        Patience.until("relays send", () -> arrived.size() > before + 20);
        LockSupport.parkNanos(random.nextInt(1_000_000_000));
        trouble(relays.remove(random.nextInt(relays.size())), kill);
      }
      writing = false;
      for (Future<Integer> writer : writers) {
        assertTrue(writer.get(1, TimeUnit.MINUTES) > 0);
      }
    } finally {
      writing = false;
      threads.shutdownNow();
    }
    check();
  }

  /** One in three is frozen beyond its lease and wakes; the others are killed, and followed. */
  private void trouble(RelayProcess relay, int kill) throws Exception {
    if (kill % 3 == 2) {
      relay.signal("STOP");
      LockSupport.parkNanos(LEASE.multipliedBy(2).toNanos());
      relay.signal("CONT");
      relays.add(relay);
    } else {
      relay.kill();
      var unused = relay();
    }
  }

  private void check() throws Exception {
    JdbcOutbox outbox = JdbcOutbox.in(database, name);
    Patience.until("the outbox is empty", () -> outbox.pending().rows() == 0);
    Patience.until("all arrived", () -> arrived.containsAll(committed));
    Patience.until("all took effect", () -> count("distinct id") >= committed.size());
    assertEquals(committed, arrived, "nothing that was rolled back");
    consumers.forEach(ReliableConsumer::close);
    assertEquals(committed.size(), count("id"), "each once");
    firstNumbers.forEach(
        (key, numbers) ->
            assertEquals(numbers.stream().sorted().toList(), numbers, "first arrivals of " + key));
    assertTrue(relays.stream().allMatch(RelayProcess::isAlive));
  }
}
