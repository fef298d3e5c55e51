// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outboxes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends one message and waits until the broker has it, as the handler of an outbox must. */
final class Sends implements Sending, AutoCloseable {
  private static final int SIZE = 1_024;
  private static final int KEYS = 10_000;

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;
  private final String body;
  private final AtomicLong sent = new AtomicLong();

  /** To a topic, with no linger: who waits for each send pays for any. */
  Sends(Map<String, String> settings) {
    this.topic = settings.getOrDefault("topic", "");
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                settings.getOrDefault("hosts", ""),
                "acks",
                "all",
                "linger.ms",
                0),
            new StringSerializer(),
            new ByteArraySerializer());
    this.body =
        new Random(7)
            .ints(SIZE, '0', 'z')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    producer.partitionsFor(topic); // that it knows where to send is no part of draining
  }

  static String key(int number) {
    return "user-" + Math.floorMod(number * 7919L, KEYS);
  }

  String body() {
    return body;
  }

  @Override
  public void send(String key, String text) {
    try {
      producer.send(new ProducerRecord<>(topic, key, text.getBytes(ISO_8859_1))).get();
      sent.incrementAndGet();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", ended);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("Not sent", failure);
    }
  }

  long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
