// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A coordinator that refuses commits, answers too late, or forgets to answer. */
final class ForgetfulCoordinator extends MockConsumer<byte[], byte[]> {
  final Map<Integer, Long> committed = new HashMap<>();
  @Nullable RuntimeException refusal;
  boolean answersTooLate;

  ForgetfulCoordinator() {
    super("none");
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    if (refusal != null) {
      throw refusal;
    }
    offsets.forEach((lane, offset) -> committed.put(lane.partition(), offset.offset()));
    if (answersTooLate) {
      throw new TimeoutException("no answer");
    }
  }
}
