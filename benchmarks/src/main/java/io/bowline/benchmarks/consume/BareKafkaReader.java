// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Kafka's own consumer, as careful as Bowline's: it commits after each poll was handled. */
final class BareKafkaReader implements Reader {
  private static final Duration WAIT = Duration.ofMillis(100);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Task task;
  private final CompletableFuture<Void> done;
  private volatile boolean closed;

  private BareKafkaReader(KafkaConsumer<String, byte[]> consumer, Task task) {
    this.consumer = consumer;
    this.task = task;
    this.done = CompletableFuture.runAsync(this::read, work -> new Thread(work, "bare").start());
  }

  static Opener opener(String hosts) {
    return task -> {
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              hosts,
              "group.id",
              task.place.group(),
              "enable.auto.commit",
              false,
              "auto.offset.reset",
              "earliest",
              "key.deserializer",
              StringDeserializer.class,
              "value.deserializer",
              ByteArrayDeserializer.class);
      return new BareKafkaReader(new KafkaConsumer<>(settings), task);
    };
  }

  private void read() {
    consumer.subscribe(List.of(task.place.topic()));
    while (!closed) {
      ConsumerRecords<String, byte[]> records = consumer.poll(WAIT);
      records.forEach(record -> task.handle());
      if (!records.isEmpty()) {
        consumer.commitSync();
      }
    }
    consumer.close();
  }

  @Override
  public void close() {
    closed = true;
    done.join();
  }
}
