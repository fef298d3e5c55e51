// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own producer, as careful as Bowline's: acks=all and idempotence, a bounded window. */
final class BareKafka implements Contestant {
  private final KafkaProducer<String, byte[]> producer;
  private final Window window;
  private final Tally tally;

  private BareKafka(Map<String, Object> settings, int window, Tally tally) {
    this.producer = new KafkaProducer<>(settings);
    this.window = new Window(window);
    this.tally = tally;
  }

  static Opener opener(String hosts, int lingerMillis, int window) {
    return tally -> new BareKafka(settings(hosts, lingerMillis), window, tally);
  }

  /** The client's defaults, but for the linger; the two promises are spelt out. */
  static Map<String, Object> settings(String hosts, int lingerMillis) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", hosts);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("linger.ms", lingerMillis);
    settings.put("key.serializer", StringSerializer.class);
    settings.put("value.serializer", ByteArraySerializer.class);
    return settings;
  }

  @Override
  public void send(String topic, String key, byte[] body) throws InterruptedException {
    int size = body.length;
    window.enter(size);
    Callback answered =
        (metadata, failure) -> {
          window.leave(size);
          tally.outcome(failure);
        };
    var unused = producer.send(new ProducerRecord<>(topic, key, body), answered);
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body) throws Exception {
    var unused = producer.send(new ProducerRecord<>(topic, key, body)).get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
