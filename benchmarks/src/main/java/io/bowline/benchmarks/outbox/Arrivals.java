// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A bare consumer that notes when each message came. */
final class Arrivals implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long PATIENCE_SECONDS = 60;

  private final Delays delays;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;

  Arrivals(String hosts, String topic, Delays delays) throws InterruptedException {
    this.delays = delays;
    this.thread = new Thread(() -> read(hosts, topic), "arrivals");
    thread.setDaemon(true);
    thread.start();
    ready.await();
  }

  private void read(String hosts, String topic) {
    Map<String, Object> settings = Map.of("bootstrap.servers", hosts);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> lanes =
          IntStream.range(0, Place.LANES)
              .mapToObj(lane -> new TopicPartition(topic, lane))
              .toList();
      consumer.assign(lanes);
      consumer.seekToBeginning(lanes);
      consumer.poll(Duration.ZERO);
      ready.countDown();
      while (!closed) {
        consumer.poll(POLL).forEach(this::note);
      }
    }
  }

  private void note(ConsumerRecord<String, byte[]> message) {
    byte[] number = message.headers().lastHeader("number").value();
    delays.arrived(Integer.parseInt(new String(number, UTF_8)));
  }

  /**
   * Waits for all.
   *
   * @throws IllegalStateException if some did not come within a minute
   */
  void awaitAll() throws InterruptedException {
    if (!delays.missing().await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(delays.missing().getCount() + " messages did not come");
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
