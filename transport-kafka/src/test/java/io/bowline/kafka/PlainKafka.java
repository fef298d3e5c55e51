// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.transport.Outgoing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own clients, beside ours. */
final class PlainKafka implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String hosts;
  final Admin admin;

  PlainKafka(String address) {
    hosts = address.replace("kafka://", "");
    admin = Admin.create(Map.of("bootstrap.servers", hosts));
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new java.util.HashMap<>(more);
    settings.put("bootstrap.servers", hosts);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", hosts, "auto.offset.reset", "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Nullable OffsetAndMetadata committed(String group, String topic, int lane) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return offsets.get(new TopicPartition(topic, lane));
  }

  long end(String topic, int lane) {
    TopicPartition partition = new TopicPartition(topic, lane);
    var ends =
        get(
            admin
                .listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.latest()))
                .all());
    return Objects.requireNonNull(ends.get(partition)).offset();
  }

  void delete(String topic) {
    get(admin.deleteTopics(List.of(topic)).all());
    await(() -> !get(admin.listTopics().names()).contains(topic));
  }

  /** Hands a record to the client, which has it stored by its flush or close at the latest. */
  static void write(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    var unused = producer.send(record);
  }

  static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static String name() {
    return "plain-" + UUID.randomUUID();
  }

  static Outgoing message(String topic, int lane, @Nullable String key, String text) {
    return new Outgoing(text, topic, lane, key, Map.of("h", "v"), text.getBytes(UTF_8));
  }

  static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Waited " + PATIENCE + " in vain");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
