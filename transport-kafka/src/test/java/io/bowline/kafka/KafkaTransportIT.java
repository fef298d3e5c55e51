// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Opening, topics and sending, as far as it is Kafka's own: the rest is in the kit. */
final class KafkaTransportIT {
  private final TransportConfig config =
      TransportConfig.of(BrokerAddress.parse(Servers.kafka().address()));
  private final PlainKafka kafka = new PlainKafka(Servers.kafka().address());
  private final String topic = PlainKafka.name();

  @AfterEach
  void close() {
    kafka.close();
  }

  @Test
  void aPlainClientReadsOurs() {
    try (Transport transport = Transports.open(config);
        KafkaConsumer<byte[], byte[]> plain = kafka.consumer()) {
      transport.admin().ensure(TopicSpec.of(topic).lanes(2));
      transport.send(PlainKafka.message(topic, 1, "key", "body")).join();
      plain.assign(List.of(new TopicPartition(topic, 1)));
      List<ConsumerRecord<byte[], byte[]>> got = new ArrayList<>();
      PlainKafka.await(
          () -> {
            plain.poll(Duration.ofMillis(100)).forEach(got::add);
            return !got.isEmpty();
          });
      assertArrayEquals("key".getBytes(UTF_8), got.get(0).key());
      assertArrayEquals("body".getBytes(UTF_8), got.get(0).value());
      assertArrayEquals("v".getBytes(UTF_8), got.get(0).headers().lastHeader("h").value());
    }
  }

  @Test
  void aPropertyThatBreaksAPromiseIsRefusedBeforeAnythingIsOpened() {
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> Transports.open(config.properties(Map.of("acks", "1"))));
    assertEquals(Verdict.REFUSED, refused.verdict());
    assertTrue(String.valueOf(refused.getMessage()).contains("acks=1"), refused.getMessage());
  }

  @Test
  void aSettingThatTheClientRefusesIsRefusedWithItsWords() {
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> Transports.open(config.properties(Map.of("linger.ms", "100000"))));
    assertEquals(Verdict.REFUSED, refused.verdict());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("delivery.timeout.ms"), message);
  }

  @Test
  void aHostWithoutAddressIsNamed() {
    TransportConfig nowhere =
        TransportConfig.of(BrokerAddress.parse("kafka://no-such-host.invalid:9092"))
            .connectTimeout(Duration.ofSeconds(2));
    TransportException failure =
        assertThrows(TransportException.class, () -> Transports.open(nowhere));
    assertEquals(Verdict.UNKNOWN, failure.verdict());
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("no address is known for no-such-host.invalid"), message);
  }

  @Test
  void whatFailsToOpenLeavesNoThread() {
    Set<String> before = clientThreads();
    TransportConfig nowhere =
        TransportConfig.of(BrokerAddress.parse("kafka://127.0.0.1:1"))
            .connectTimeout(Duration.ofSeconds(1));
    assertThrows(TransportException.class, () -> Transports.open(nowhere));
    assertThrows(
        TransportException.class,
        () -> Transports.open(config.properties(Map.of("linger.ms", "100000"))));
    PlainKafka.await(() -> before.containsAll(clientThreads()));
  }

  @Test
  void aClosedTransportLeavesNoThread() {
    Set<String> before = clientThreads();
    Transports.open(config).close();
    PlainKafka.await(() -> before.containsAll(clientThreads()));
  }

  private static Set<String> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kafka-") || name.startsWith("bowline-kafka"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aTopicIsMadeForDurability() {
    try (Transport transport = Transports.open(config)) {
      transport.admin().ensure(TopicSpec.of(topic).lanes(3));
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      var all = PlainKafka.get(kafka.admin.describeConfigs(List.of(resource)).all());
      assertEquals(
          "false",
          Objects.requireNonNull(all.get(resource)).get("unclean.leader.election.enable").value());
    }
  }

  @Test
  void anotherNumberOfLanesIsRefusedWithBothNumbers() {
    try (Transport transport = Transports.open(config)) {
      transport.admin().ensure(TopicSpec.of(topic).lanes(3));
      TransportException refused =
          assertThrows(
              TransportException.class,
              () -> transport.admin().ensure(TopicSpec.of(topic).lanes(7)));
      assertEquals(Verdict.REFUSED, refused.verdict());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("7 lanes") && message.contains("exists with 3"), message);
    }
  }

  @Test
  void topicsAreListedWithoutKafkasOwn() {
    try (Bowline bowline = Bowline.connect(Servers.kafka().address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(1));
      bowline.consumer(topic, topic + "-g").start(message -> {}).close();
      List<String> topics = bowline.admin().topics();
      assertTrue(topics.contains(topic), topics::toString);
      assertFalse(topics.contains("__consumer_offsets"), topics::toString);
    }
  }

  @Test
  void aTopicMadeAnewIsCountedAnew() {
    TransportConfig impatient = config.confirmTimeout(Duration.ofSeconds(3));
    try (Transport transport = Transports.open(impatient)) {
      transport.admin().ensure(TopicSpec.of(topic).lanes(4));
      assertEquals(4, transport.lanes(topic));
      kafka.delete(topic);
      transport.admin().ensure(TopicSpec.of(topic).lanes(2));
      PlainKafka.await(
          () -> {
            CompletableFuture<Receipt> gone =
                transport.send(PlainKafka.message(topic, 3, null, "to the old lane"));
            return verdict(gone) == Verdict.NOT_STORED;
          });
      assertEquals(2, transport.lanes(topic));
      transport.send(PlainKafka.message(topic, 1, null, "to the new lane")).join();
    }
  }

  @Test
  void aBadRecordIsRefusedAndItsNeighboursMayBeSentAgain() {
    try (Transport transport = Transports.open(config.properties(Map.of("linger.ms", "200")))) {
      NewTopic compacted = new NewTopic(topic, 1, (short) 1);
      PlainKafka.get(
          kafka
              .admin
              .createTopics(List.of(compacted.configs(Map.of("cleanup.policy", "compact"))))
              .all());
      PlainKafka.await(() -> kafka.end(topic, 0) == 0);
      assertEquals(1, transport.lanes(topic));
      // The first message of a lane goes alone, and not in one batch with the others.
      transport.send(PlainKafka.message(topic, 0, "a", "first")).join();
      var before = transport.send(PlainKafka.message(topic, 0, "a", "before"));
      var bad = transport.send(PlainKafka.message(topic, 0, null, "bad"));
      var after = transport.send(PlainKafka.message(topic, 0, "b", "after"));
      assertEquals(Verdict.REFUSED, verdict(bad));
      assertEquals(Verdict.NOT_STORED, verdict(before));
      assertEquals(Verdict.NOT_STORED, verdict(after));
      assertEquals(1, kafka.end(topic, 0), "nothing of the batch was stored");
      transport.send(PlainKafka.message(topic, 0, "a", "before")).join();
    }
  }

  @Test
  void closingWithTheInterruptFlagSetClosesInOrder() {
    Transport transport = Transports.open(config);
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    var send = transport.send(PlainKafka.message(topic, 0, null, "last"));
    Thread.currentThread().interrupt();
    transport.close();
    assertTrue(Thread.interrupted());
    assertEquals("0", send.join().position());
  }

  private static Verdict verdict(CompletableFuture<Receipt> send) {
    try {
      Receipt receipt = send.join();
      assertFalse(receipt.position().isEmpty());
      throw new AssertionError("confirmed at " + receipt);
    } catch (CompletionException e) {
      return assertInstanceOf(TransportException.class, e.getCause()).verdict();
    }
  }
}
