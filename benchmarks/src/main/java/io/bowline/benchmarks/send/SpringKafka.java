// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Spring's template over Kafka's producer, with the settings of {@link BareKafka}. */
final class SpringKafka implements Contestant {
  private final DefaultKafkaProducerFactory<String, byte[]> producers;
  private final KafkaTemplate<String, byte[]> template;
  private final Window window;
  private final Tally tally;

  private SpringKafka(
      DefaultKafkaProducerFactory<String, byte[]> producers, Window window, Tally tally) {
    this.producers = producers;
    this.template = new KafkaTemplate<>(producers);
    this.window = window;
    this.tally = tally;
  }

  static Opener opener(String hosts, int lingerMillis, int window) {
    return tally ->
        new SpringKafka(
            new DefaultKafkaProducerFactory<>(BareKafka.settings(hosts, lingerMillis)),
            new Window(window),
            tally);
  }

  @Override
  public void send(String topic, String key, byte[] body) throws InterruptedException {
    int size = body.length;
    window.enter(size);
    var unused =
        template
            .send(topic, key, body)
            .whenComplete(
                (sent, failure) -> {
                  window.leave(size);
                  tally.outcome(failure);
                });
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body) throws Exception {
    var unused = template.send(topic, key, body).get();
  }

  @Override
  public void close() {
    producers.destroy();
  }
}
