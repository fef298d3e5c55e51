// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Opens the Parallel Consumer; what passes its door is of the JDK alone. */
public final class ParallelReading {
  private ParallelReading() {}

  /**
   * Reads a topic as a group, in the order of keys, all else by default.
   *
   * @param settings hosts, topic and group
   * @param concurrency the most handlers at work
   * @param handler called for each message
   * @return closing it waits for what is at work
   */
  public static AutoCloseable open(
      Map<String, String> settings, int concurrency, Runnable handler) {
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers",
            settings.getOrDefault("hosts", ""),
            "group.id",
            settings.getOrDefault("group", ""),
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest",
            "key.deserializer",
            StringDeserializer.class,
            "value.deserializer",
            ByteArrayDeserializer.class);
    ParallelStreamProcessor<String, byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<String, byte[]>builder()
                .ordering(ProcessingOrder.KEY)
                .commitMode(CommitMode.PERIODIC_CONSUMER_SYNC)
                .maxConcurrency(concurrency)
                .consumer(new KafkaConsumer<>(client))
                .build());
    processor.subscribe(List.of(settings.getOrDefault("topic", "")));
    processor.poll(record -> handler.run());
    return processor::closeDrainFirst;
  }
}
