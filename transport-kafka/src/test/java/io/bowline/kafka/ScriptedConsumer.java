// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's own stand-in for a consumer, which also fails commits and loses lanes. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {
  final Deque<RuntimeException> commitFailures = new ArrayDeque<>();
  Map<TopicPartition, OffsetAndMetadata> lastCommit = Map.of();
  int commits;
  private @Nullable ConsumerRebalanceListener listener;

  ScriptedConsumer() {
    super("none");
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    this.listener = listener;
    super.subscribe(topics, listener);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    RuntimeException failure = commitFailures.poll();
    if (failure != null) {
      throw failure;
    }
    lastCommit = offsets;
    commits++;
    super.commitSync(offsets, timeout);
  }

  void lose(TopicPartition partition) {
    Objects.requireNonNull(listener).onPartitionsLost(List.of(partition));
  }
}
