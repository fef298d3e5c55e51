// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.SubscriptionSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The lanes one subscription holds, and how far each has come. Remembers attempts beyond an
 * assignment, so that they do not fall when a lane comes back. Confined to the polling thread.
 */
final class HeldLanes {

  private final String topic;
  private final long maxSpan;
  private final Map<Integer, PartitionProgress> held = new HashMap<>();
  private final Map<Integer, Map<Long, Integer>> earlierAttempts = new HashMap<>();
  private long assignments;

  HeldLanes(String topic) {
    this(topic, SubscriptionSpec.DEFAULT_MAX_SPAN);
  }

  /**
   * @param maxSpan the most offsets between the committed one and the last handed out, in one lane:
   *     they all come again after a crash. A lane at the bound is read no further until its oldest
   *     message succeeds.
   */
  HeldLanes(String topic, long maxSpan) {
    this.topic = topic;
    this.maxSpan = maxSpan;
  }

  /** Begins a new assignment of each of these lanes. */
  void assign(Set<Integer> lanes) {
    lanes.forEach(lane -> held.put(lane, new PartitionProgress(++assignments)));
  }

  /** Ends the assignment of these lanes: their deliveries are no longer ours. */
  void drop(Set<Integer> lanes) {
    for (int lane : lanes) {
      PartitionProgress ended = held.remove(lane);
      if (ended != null) {
        // At most what was unsettled: lanes and unsettled deliveries are both bounded.
        Map<Long, Integer> attempts = new HashMap<>(earlierAttempts.getOrDefault(lane, Map.of()));
        attempts.keySet().removeIf(offset -> offset < ended.reached());
        attempts.putAll(ended.open());
        earlierAttempts.put(lane, attempts);
      }
    }
  }

  /** Ends the assignment of these lanes, whose offsets mean other messages from now on. */
  void forget(Set<Integer> lanes) {
    drop(lanes);
    lanes.forEach(earlierAttempts::remove);
  }

  /** The lanes held now. */
  Set<Integer> lanes() {
    return new HashSet<>(held.keySet());
  }

  /** Hands a fetched record out; null if its lane is no longer held. */
  @Nullable KafkaDelivery handOut(ConsumerRecord<byte[], byte[]> record) {
    PartitionProgress progress = held.get(record.partition());
    if (progress == null) {
      return null;
    }
    int attempt = 1 + takeEarlierAttempts(record);
    progress.handedOut(record.offset(), attempt);
    progress.readFrom(record.leaderEpoch());
    return new KafkaDelivery(record, progress.epoch(), attempt);
  }

  private int takeEarlierAttempts(ConsumerRecord<byte[], byte[]> record) {
    Map<Long, Integer> earlier =
        earlierAttempts.isEmpty() ? null : earlierAttempts.get(record.partition());
    Integer attempts = earlier == null ? null : earlier.remove(record.offset());
    if (earlier != null && earlier.isEmpty()) {
      earlierAttempts.remove(record.partition());
    }
    return attempts == null ? 0 : attempts;
  }

  /** Hands a released delivery out again, for one more attempt. */
  KafkaDelivery handOutAgain(KafkaDelivery delivery) {
    KafkaDelivery again = delivery.again();
    PartitionProgress progress = held.get(delivery.lane());
    if (progress != null) {
      progress.handedOut(again.offset(), again.attempt());
    }
    return again;
  }

  /** Everything below this offset was handed out; the rest up to it are holes. */
  void nothingBefore(int lane, OffsetAndMetadata next) {
    PartitionProgress progress = held.get(lane);
    if (progress != null) {
      progress.nothingBefore(next.offset());
      progress.readFrom(next.leaderEpoch());
    }
  }

  /** Whether a delivery may be settled: handed out in the present assignment, and open. */
  boolean isOurs(KafkaDelivery delivery) {
    PartitionProgress progress = held.get(delivery.lane());
    return progress != null && progress.isOpen(delivery.epoch(), delivery.offset());
  }

  /** Marks a delivery as processed; false if it is no longer ours. */
  boolean succeeded(KafkaDelivery delivery) {
    PartitionProgress progress = held.get(delivery.lane());
    return progress != null && progress.succeeded(delivery.epoch(), delivery.offset());
  }

  /** Whether a lane may be read no further for now. */
  boolean atSpanLimit(int lane) {
    PartitionProgress progress = held.get(lane);
    return progress != null && progress.span() >= maxSpan;
  }

  /** What is to be committed and is not yet. */
  Map<TopicPartition, OffsetAndMetadata> committable() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    held.forEach(
        (lane, progress) ->
            progress
                .committable()
                .ifPresent(offset -> offsets.put(partition(lane), withEpoch(progress, offset))));
    return offsets;
  }

  /** These offsets are with the broker. */
  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          PartitionProgress progress = held.get(partition.partition());
          if (progress != null) {
            progress.committed(offset.offset());
          }
        });
  }

  TopicPartition partition(int lane) {
    return new TopicPartition(topic, lane);
  }

  /** The leader epoch lets the next owner notice that the log was cut below the offset. */
  private static OffsetAndMetadata withEpoch(PartitionProgress progress, long offset) {
    return new OffsetAndMetadata(offset, progress.leaderEpoch(), "");
  }
}
