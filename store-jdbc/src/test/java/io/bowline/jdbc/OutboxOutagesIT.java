// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.outbox.OutboxRelay;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalKafka;
import io.bowline.testkit.servers.LocalMariaDb;
import io.bowline.testkit.servers.LocalPostgres;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The database, and then the broker, are killed and started again while a relay is at work. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class OutboxOutagesIT {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");

  /** How long the broker stays away. */
  private static final Duration AWAY = LONG ? Duration.ofSeconds(60) : Duration.ofSeconds(3);

  private static final int KEYS = 20;

  private final String name = "outages-" + UUID.randomUUID();
  private final BrokerServer server;
  private final BrokerServer kafka = LocalKafka.startNew();
  private final HikariDataSource database;
  private final JdbcOutbox outbox;
  private final Bowline bowline;
  private final Map<String, List<Integer>> arrivals = new ConcurrentHashMap<>();
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();
  private final Set<String> committed = new HashSet<>();
  private int appended;

  OutboxOutagesIT(TestDatabases kind) {
    server = kind == TestDatabases.POSTGRESQL ? LocalPostgres.startNew() : LocalMariaDb.startNew();
    database = TestDatabases.pool(server);
    JdbcSchema.of(database).create();
    outbox = JdbcOutbox.in(database, name);
    bowline = Bowline.connect(kafka.address());
    bowline.admin().ensure(TopicSpec.of(name).lanes(2).groups("all"));
  }

  @AfterEach
  void close() {
    bowline.close();
    database.close();
    server.close();
    kafka.close();
  }

  private void note(Received message) {
    if (arrived.add(message.id())) {
      arrivals
          .computeIfAbsent(message.key().orElseThrow(), first -> new ArrayList<>())
          .add(Integer.parseInt(message.text()));
    }
  }

  private void append(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Message next = Message.to(name).key("k" + appended % KEYS).text("" + appended);
      String id = outbox.inTransaction(connection -> outbox.append(connection, next));
      committed.add(id); // one whose commit got no answer may arrive too
      appended++;
    }
  }

  @Test
  void whatWasCommittedArrivesInOrderOnceDatabaseAndBrokerAreBack() throws Exception {
    try (OutboxRelay relay =
            OutboxRelay.of(outbox, bowline.producer("trades"))
                .lease(Duration.ofSeconds(2))
                .start();
        var consumer = bowline.consumer(name, "all").start(this::note)) {
      append(100);
      Patience.until("some arrived", () -> arrived.size() > 10);
      server.kill();
      server.start();
      Patience.until("the database takes messages again", this::appendsAgain);
      append(100);
      kafka.kill();
      append(100);
      LockSupport.parkNanos(AWAY.toNanos());
      kafka.start();
      Patience.until("all arrived", () -> arrived.containsAll(committed));
      Patience.until("nothing waits", () -> outbox.pending().rows() == 0);
      assertEquals("all", consumer.group());
      assertEquals(outbox.lanes(), relay.lanes());
    }
    arrivals.forEach(
        (key, numbers) ->
            assertEquals(numbers.stream().sorted().toList(), numbers, "first arrivals of " + key));
  }

  private boolean appendsAgain() {
    try {
      append(1);
      return true;
    } catch (Exception notYet) {
      return false;
    }
  }
}
