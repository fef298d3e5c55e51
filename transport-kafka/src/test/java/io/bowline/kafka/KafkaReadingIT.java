// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Connected;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Where reading starts and goes on, and what plain clients wrote: Kafka's own, beside the kit. */
final class KafkaReadingIT {
  private static final Duration WAIT = Duration.ofMillis(100);

  private final TransportConfig config =
      TransportConfig.of(BrokerAddress.parse(Servers.kafka().address()))
          .properties(Map.of("metadata.max.age.ms", "500"));
  private final PlainKafka kafka = new PlainKafka(Servers.kafka().address());
  private final Transport transport = Transports.open(config);
  private final String topic = PlainKafka.name();
  private final String group = topic + "-g";

  @AfterEach
  void close() {
    transport.close();
    kafka.close();
  }

  private void store(int lane, String... texts) {
    for (String text : texts) {
      transport.send(PlainKafka.message(topic, lane, null, text)).join();
    }
  }

  private Subscription subscribe() {
    return transport.subscribe(new SubscriptionSpec(topic, group, 100), new Silent());
  }

  /** Polls until so many came, and a little longer. */
  private static List<Delivery> read(Subscription subscription, int count) {
    List<Delivery> got = new ArrayList<>();
    PlainKafka.await(
        () -> {
          List<Delivery> some = subscription.poll(10, WAIT);
          got.addAll(some);
          return got.size() >= count && some.isEmpty();
        });
    return got;
  }

  private static List<String> texts(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> new String(delivery.body(), UTF_8)).toList();
  }

  private void readAndAccept(int count) {
    try (Subscription subscription = subscribe()) {
      read(subscription, count).forEach(subscription::accept);
    }
  }

  @Test
  void aNewGroupStartsAtTheOldestAndAnOldOneWhereItWas() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    store(0, "a", "b");
    readAndAccept(2);
    store(0, "c");
    try (Subscription subscription = subscribe()) {
      assertEquals(List.of("c"), texts(read(subscription, 1)));
    }
  }

  @Test
  void aNewPartitionOfAKnownGroupIsReadFromItsBeginning() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    store(0, "a");
    readAndAccept(1);
    PlainKafka.get(kafka.admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all());
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of())) {
      PlainKafka.write(plain, new ProducerRecord<>(topic, 1, null, "early".getBytes(UTF_8)));
    }
    try (Subscription subscription = subscribe()) {
      assertEquals(List.of("early"), texts(read(subscription, 1)));
    }
  }

  @Test
  void partitionsAddedUnderARunningConsumerAreReadFromTheirBeginning() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    store(0, "a");
    Set<String> done = ConcurrentHashMap.newKeySet();
    ReliableConsumer consumer =
        new ConsumerBuilder(new Connected(transport, config, opened -> {}), topic, group)
            .start(message -> done.add(message.text()));
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of())) {
      PlainKafka.await(() -> done.contains("a"));
      PlainKafka.get(
          kafka.admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all());
      for (int i = 0; i < 30; i++) { // at once: before the group has heard of their partitions
        byte[] text = ("early" + i).getBytes(UTF_8);
        PlainKafka.write(plain, new ProducerRecord<>(topic, i % 3, null, text));
      }
      plain.flush();
      PlainKafka.await(() -> done.size() == 31);
    } finally {
      assertEquals(31, consumer.close(Duration.ofSeconds(30)).settled());
    }
  }

  @Test
  void whatAPlainClientWroteIsRead() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of())) {
      PlainKafka.write(plain, new ProducerRecord<>(topic, 0, null, "bare".getBytes(UTF_8)));
      PlainKafka.write(
          plain, new ProducerRecord<>(topic, 0, new byte[] {0, 0, 1, (byte) 0xff}, null));
    }
    try (Subscription subscription = subscribe()) {
      List<Delivery> two = read(subscription, 2);
      assertNull(two.get(0).key());
      assertEquals(Map.of(), two.get(0).headers());
      assertEquals(topic + "/0/0", two.get(0).nativeId());
      assertEquals("0x000001ff", two.get(1).key());
      assertEquals(0, two.get(1).body().length);
      assertEquals("1", two.get(1).position());
    }
  }

  @Test
  void retentionThatOvertookTheGroupIsReported() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    store(0, "a");
    readAndAccept(1);
    store(0, "b", "c", "d");
    TopicPartition partition = new TopicPartition(topic, 0);
    PlainKafka.get(
        kafka.admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all());
    ListAppender<ILoggingEvent> log = capture();
    try (Subscription subscription = subscribe()) {
      assertEquals(List.of("d"), texts(read(subscription, 1)));
    }
    assertWarned(log, "lane 0: messages at offsets 1 to 2 are gone unread");
  }

  @Test
  void aTopicMadeAnewUnderAKnownGroupIsReportedAndReadWhole() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    store(0, "a", "b", "c");
    readAndAccept(3);
    OffsetAndMetadata committed = kafka.committed(group, topic, 0);
    kafka.delete(topic);
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    PlainKafka.await(() -> kafka.end(topic, 0) == 0);
    // By a client that never knew the topic before: ours may have to look it up once more.
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of())) {
      PlainKafka.write(plain, new ProducerRecord<>(topic, 0, null, "new".getBytes(UTF_8)));
    }
    if (committed != null) {
      // Kafka forgets the offsets of a deleted topic, sooner or later; here it did not yet.
      TopicPartition partition = new TopicPartition(topic, 0);
      PlainKafka.get(
          kafka.admin.alterConsumerGroupOffsets(group, Map.of(partition, committed)).all());
    }
    ListAppender<ILoggingEvent> log = capture();
    try (Subscription subscription = subscribe()) {
      assertEquals(List.of("new"), texts(read(subscription, 1)));
    }
    assertWarned(log, "lane 0: the log ends before offset 3");
  }

  @Test
  void messagesOfATransactionThatWasGivenUpAreNotRead() {
    transport.admin().ensure(TopicSpec.of(topic).lanes(1));
    try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of("transactional.id", group))) {
      plain.initTransactions();
      plain.beginTransaction();
      PlainKafka.write(plain, new ProducerRecord<>(topic, 0, null, "never".getBytes(UTF_8)));
      plain.flush();
      plain.abortTransaction();
      plain.beginTransaction();
      PlainKafka.write(plain, new ProducerRecord<>(topic, 0, null, "once".getBytes(UTF_8)));
      plain.commitTransaction();
    }
    try (Subscription subscription = subscribe()) {
      List<Delivery> got = read(subscription, 1);
      assertEquals(List.of("once"), texts(got));
      assertTrue(subscription.accept(got.get(0)));
      subscription.poll(0, WAIT);
      PlainKafka.await(
          () -> {
            subscription.poll(1, WAIT);
            OffsetAndMetadata committed = kafka.committed(group, topic, 0);
            return committed != null && committed.offset() == kafka.end(topic, 0);
          });
    }
  }

  private static ListAppender<ILoggingEvent> capture() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger(StartPositions.class)).addAppender(log);
    return log;
  }

  private static void assertWarned(ListAppender<ILoggingEvent> log, String part) {
    ((Logger) LoggerFactory.getLogger(StartPositions.class)).detachAppender(log);
    List<String> said = log.list.stream().map(Object::toString).toList();
    assertTrue(
        said.stream().anyMatch(line -> line.contains("WARN") && line.contains(part)),
        said::toString);
  }

  private static final class Silent implements LaneListener {
    @Override
    public void assigned(Set<Integer> lanes) {}

    @Override
    public void revoking(Set<Integer> lanes) {}

    @Override
    public void lost(Set<Integer> lanes) {}
  }
}
