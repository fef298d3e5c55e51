// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.ChainState;
import io.bowline.gap.Gap;
import io.bowline.gap.GapStore;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.LocalPostgres;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a group on a real Kafka has completed, kept in a real PostgreSQL. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class GapsOnKafkaIT {
  private static final String GROUP = "billing";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final String topic = "gaps-" + UUID.randomUUID();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failures = new AtomicInteger();
  private BrokerServer server;
  private HikariDataSource database;
  private Bowline bowline;
  private ReliableProducer producer;
  private int sent;

  /** Counts what fails. */
  private record Counting(GapStore behind, AtomicInteger failures) implements GapStore {
    @Override
    public Claim claim(GroupLane lane) {
      return behind.claim(lane);
    }

    @Override
    public boolean save(Claim claim, List<ChainState> changed) {
      try {
        return behind.save(claim, changed);
      } catch (RuntimeException failure) {
        failures.incrementAndGet();
        throw failure;
      }
    }

    @Override
    public Map<Integer, List<ChainState>> read(String topic, String group) {
      return behind.read(topic, group);
    }
  }

  @BeforeEach
  void open() {
    server = LocalPostgres.startNew();
    database = TestDatabases.pool(server);
    JdbcSchema.of(database).create();
    bowline = Bowline.connect(Servers.kafka().address());
    bowline.admin().ensure(TopicSpec.of(topic).lanes(1).groups(GROUP));
    producer = bowline.producer("shop").open();
  }

  @AfterEach
  void close() {
    bowline.close();
    database.close();
    server.close();
  }

  private void send(int more) {
    for (int i = 0; i < more; i++) {
      sent++;
      var unused = producer.send(Message.to(topic).key("user-7").text("" + sent)).join();
    }
  }

  private ReliableConsumer start() {
    return bowline
        .consumer(topic, GROUP)
        .gapStore(new Counting(JdbcGapStore.in(database), failures))
        .onGap(gaps::add)
        .start(message -> handled.add(message.text()));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "waited in vain for " + what);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private long notAcknowledged() {
    return bowline.admin().backlog(topic, GROUP).messages();
  }

  /** All records of the only lane that were written so far. */
  private void deleteRecords() throws Exception {
    String hosts = Servers.kafka().address().replace("kafka://", "");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", hosts))) {
      var deleted =
          admin.deleteRecords(
              Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(sent)));
      deleted.all().get();
    }
  }

  @Test
  void recordsDeletedWhileNoMemberRunsAreNamedByTheNext() throws Exception {
    try (ReliableConsumer first = start()) {
      send(5);
      await("all to be acknowledged", () -> handled.size() == 5 && notAcknowledged() == 0);
      assertEquals(GROUP, first.group());
    }
    send(3);
    deleteRecords();
    try (ReliableConsumer second = start()) {
      send(4);
      await("the gap to be named", () -> !gaps.isEmpty());
      assertEquals(GROUP, second.group());
    }
    List<Long> named =
        gaps.stream().flatMap(gap -> LongStream.rangeClosed(gap.from(), gap.to()).boxed()).toList();
    assertEquals(List.of(6L, 7L, 8L), named, gaps::toString);
  }

  @Test
  void whileTheDatabaseIsAwayNothingIsAcknowledgedAndThenAllIs() {
    try (ReliableConsumer consumer = start()) {
      send(5);
      await("all to be acknowledged", () -> handled.size() == 5 && notAcknowledged() == 0);
      server.kill();
      send(5);
      await("all to be handled", () -> handled.size() == 10);
      await("saves to fail", () -> failures.get() >= 2);
      assertEquals(5, notAcknowledged());
      server.start();
      await("all to be acknowledged", () -> notAcknowledged() == 0);
      assertEquals(GROUP, consumer.group());
    }
    assertEquals(List.of(), gaps);
  }
}
