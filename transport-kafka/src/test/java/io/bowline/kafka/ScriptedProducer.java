// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own stand-in for a producer, which answers within the send if told how. */
final class ScriptedProducer extends MockProducer<byte[], byte[]> {
  volatile @Nullable Consumer<Callback> answer;

  /** What the client's metrics tell. */
  volatile double retries;

  volatile double roomInBuffer = 1000;

  ScriptedProducer() {
    super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    metric("record-retry-total", () -> retries);
    metric("buffer-available-bytes", () -> roomInBuffer);
    metric("buffer-total-bytes", () -> 1000);
  }

  private void metric(String name, java.util.function.DoubleSupplier value) {
    MetricName full = new MetricName(name, "producer-metrics", "", Map.of());
    setMockMetrics(
        full,
        new Metric() {
          @Override
          public MetricName metricName() {
            return full;
          }

          @Override
          public Object metricValue() {
            return value.getAsDouble();
          }
        });
  }

  /** What was handed over so far, in this order. */
  synchronized String sent() {
    StringBuilder bodies = new StringBuilder();
    history().forEach(record -> bodies.append((char) record.value()[0]));
    return bodies.toString();
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    Consumer<Callback> scripted = answer;
    if (scripted == null || callback == null) {
      return super.send(record, callback);
    }
    scripted.accept(callback);
    return new CompletableFuture<>();
  }
}
