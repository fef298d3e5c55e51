// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Records that the client has fetched and nobody has asked for yet. They do not count as handed
 * out: another member gets them if their lane moves. At most a poll's worth ({@code
 * max.poll.records}) more than was wanted. Confined to the polling thread.
 */
final class FetchedRecords {
  private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();

  /** Where the client goes on in each lane, for the holes at the end of what it fetched. */
  private final Map<Integer, OffsetAndMetadata> next = new HashMap<>();

  void add(ConsumerRecords<byte[], byte[]> fetched) {
    fetched.forEach(records::add);
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : fetched.nextOffsets().entrySet()) {
      next.put(entry.getKey().partition(), entry.getValue());
    }
  }

  int size() {
    return records.size();
  }

  @Nullable ConsumerRecord<byte[], byte[]> take() {
    return records.poll();
  }

  /** Once all is taken: where the client goes on, for each lane it fetched of since. */
  Map<Integer, OffsetAndMetadata> takeEnds() {
    if (!records.isEmpty() || next.isEmpty()) {
      return Map.of();
    }
    Map<Integer, OffsetAndMetadata> ends = Map.copyOf(next);
    next.clear();
    return ends;
  }

  /** Forgets those of these lanes. */
  void drop(Set<Integer> lanes) {
    records.removeIf(record -> lanes.contains(record.partition()));
    next.keySet().removeAll(lanes);
  }
}
