// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.LocalKafkaCluster;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three nodes, of which some fail under load: what is confirmed is there, and in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaClusterIT {
  private static final int LANES = 3;
  private static final int ROUNDS = Boolean.getBoolean("bowline.long") ? 10 : 1;
  private static final Duration CONFIRM = Duration.ofSeconds(10);

  private final LocalKafkaCluster cluster = LocalKafkaCluster.startNew();
  private final PlainKafka kafka = new PlainKafka(cluster.address());
  private String topic = "";
  private Transport transport = open();

  private Transport open() {
    return Transports.open(
        TransportConfig.of(BrokerAddress.parse(cluster.address())).confirmTimeout(CONFIRM));
  }

  @BeforeEach
  void makeTopic() {
    topic = PlainKafka.name();
    transport.admin().ensure(TopicSpec.of(topic).lanes(LANES));
    assertEquals(LANES, transport.lanes(topic));
  }

  @AfterEach
  void mend() {
    for (int node = 1; node <= LocalKafkaCluster.NODES; node++) {
      if (!cluster.runs(node)) {
        cluster.start(node);
      }
    }
    for (int node = 1; node <= LocalKafkaCluster.NODES; node++) {
      cluster.awaitReady(node);
    }
    PlainKafka.await(() -> inSync() == LANES * LocalKafkaCluster.NODES);
  }

  @AfterAll
  void end() {
    transport.close();
    kafka.close();
    cluster.close();
  }

  @Test
  void aTopicHasThreeReplicasOfWhichTwoMustConfirm() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var all = PlainKafka.get(kafka.admin.describeConfigs(List.of(resource)).all());
    assertEquals("2", Objects.requireNonNull(all.get(resource)).get("min.insync.replicas").value());
    partitions().forEach(partition -> assertEquals(3, partition.replicas().size()));
  }

  @Test
  void aLeaderKilledUnderLoadLosesNothingThatWasConfirmed() {
    for (int round = 0; round < ROUNDS; round++) {
      Load load = new Load();
      load.awaitConfirmed(500);
      int leader = partitions().get(0).leader().id();
      cluster.kill(leader);
      load.awaitConfirmed(load.confirmed.size() + 500);
      cluster.start(leader);
      load.awaitConfirmed(load.confirmed.size() + 500);
      load.end();
      load.check();
      cluster.awaitReady(leader);
      PlainKafka.await(() -> inSync() == LANES * LocalKafkaCluster.NODES);
    }
  }

  @Test
  void withoutEnoughReplicasSendsEndInTimeAndFollowOnTheirReturn() {
    Load load = new Load();
    load.awaitConfirmed(500);
    cluster.pause(2);
    cluster.pause(3);
    int before = load.failures.get();
    PlainKafka.await(() -> load.failures.get() > before);
    cluster.resume(2);
    cluster.resume(3);
    load.awaitConfirmed(load.confirmed.size() + 500);
    load.end();
    load.check();
    assertTrue(load.slowest.get() < 3 * CONFIRM.toMillis(), "took " + load.slowest + " ms");
    Set<Verdict> verdicts = Set.copyOf(load.failed.values());
    assertTrue(!verdicts.contains(Verdict.REFUSED), "refused: " + verdicts);
  }

  private List<TopicPartitionInfo> partitions() {
    Map<String, TopicDescription> all =
        PlainKafka.get(kafka.admin.describeTopics(List.of(topic)).allTopicNames());
    return Objects.requireNonNull(all.get(topic)).partitions();
  }

  private int inSync() {
    return partitions().stream().mapToInt(partition -> partition.isr().size()).sum();
  }

  /**
   * One thread for each lane, which sends one message at a time, again and again until it is stored
   * or may not be stored: so first arrivals must be in order.
   */
  private final class Load {
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final Map<String, Verdict> failed = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger slowest = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Load() {
      IntStream.range(0, LANES).forEach(lane -> threads.add(new Thread(() -> run(lane))));
      threads.forEach(Thread::start);
    }

    private void run(int lane) {
      for (int number = 0; !ending.get(); number++) {
        String id = lane + "-" + number;
        while (!isStored(lane, id)) {
          LockSupport.parkNanos(20_000_000);
        }
        confirmed.add(id);
      }
    }

    private boolean isStored(int lane, String id) {
      long start = System.nanoTime();
      try {
        transport.send(PlainKafka.message(topic, lane, "key", id)).join();
        return true;
      } catch (CompletionException e) {
        if (e.getCause() instanceof TransportException failure) {
          failed.put(id, failure.verdict());
          failures.incrementAndGet();
        }
        return false;
      } finally {
        int took = (int) ((System.nanoTime() - start) / 1_000_000);
        slowest.accumulateAndGet(took, Math::max);
      }
    }

    void awaitConfirmed(int count) {
      PlainKafka.await(() -> confirmed.size() >= count);
    }

    void end() {
      ending.set(true);
      PlainKafka.await(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    void check() {
      for (int lane = 0; lane < LANES; lane++) {
        List<String> found = firstArrivals(lane);
        List<String> expected = new ArrayList<>();
        for (int number = 0; confirmed.contains(lane + "-" + number); number++) {
          expected.add(lane + "-" + number);
        }
        assertEquals(expected, found, "lane " + lane);
      }
    }
  }

  private List<String> firstArrivals(int lane) {
    Set<String> arrived = new LinkedHashSet<>();
    TopicPartition partition = new TopicPartition(topic, lane);
    long end = kafka.end(topic, lane);
    try (var plain = kafka.consumer()) {
      plain.assign(List.of(partition));
      while (plain.position(partition) < end) {
        plain
            .poll(Duration.ofMillis(100))
            .forEach(record -> arrived.add(new String(record.value(), UTF_8)));
      }
    }
    return List.copyOf(arrived);
  }
}
