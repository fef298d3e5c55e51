// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a group's commits and the ends of a topic's partitions. Offsets are counted,
 * and not all of them hold a message for the group: markers of transactions, what compaction took
 * away, what was acknowledged before its turn. So it is at most so many. One question.
 */
final class GroupBacklog {
  private final Admin admin;
  private final String topic;
  private final String group;
  private final long end;

  /**
   * Asks by this client.
   *
   * @param patience the longest wait for all answers together
   */
  GroupBacklog(Admin admin, String topic, String group, Duration patience) {
    this.admin = admin;
    this.topic = topic;
    this.group = group;
    this.end = System.nanoTime() + patience.toNanos();
  }

  /** The end is asked for last: what was committed meanwhile is not counted twice. */
  Backlog count(int partitions) {
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    Map<TopicPartition, ListOffsetsResultInfo> first = offsets(partitions, OffsetSpec::earliest);
    Map<TopicPartition, ListOffsetsResultInfo> last = offsets(partitions, OffsetSpec::latest);
    Map<Integer, Long> lanes = new HashMap<>();
    last.forEach(
        (partition, latest) ->
            lanes.put(
                partition.partition(),
                unread(
                    committed.get(partition),
                    Objects.requireNonNull(first.get(partition)).offset(),
                    latest.offset())));
    return Backlog.ofLanes(topic, group, lanes, Quality.AT_MOST);
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    return KafkaAnswers.await(
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group),
        left(),
        tried("Looking up the commits"));
  }

  /** Whether something is unread that lies before all that is younger than this. */
  boolean isOlder(int partitions, Duration time) {
    long since = System.currentTimeMillis() - time.toMillis();
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    Map<TopicPartition, ListOffsetsResultInfo> first = offsets(partitions, OffsetSpec::earliest);
    Map<TopicPartition, ListOffsetsResultInfo> younger =
        offsets(partitions, () -> OffsetSpec.forTimestamp(since));
    Map<TopicPartition, ListOffsetsResultInfo> last = offsets(partitions, OffsetSpec::latest);
    return last.entrySet().stream()
        .anyMatch(
            each -> {
              TopicPartition partition = each.getKey();
              long end = each.getValue().offset();
              // None is younger, if it is not known.
              long from = Objects.requireNonNull(younger.get(partition)).offset();
              return unread(
                      committed.get(partition),
                      Objects.requireNonNull(first.get(partition)).offset(),
                      end)
                  > (from < 0 ? 0 : end - from);
            });
  }

  /** Where a member would begin that is assigned the partition now: see {@link StartPositions}. */
  static long unread(@Nullable OffsetAndMetadata committed, long first, long last) {
    long position = committed == null ? first : committed.offset();
    boolean isKept = position >= first && position <= last;
    return Math.max(0, last - (isKept ? position : first));
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(
      int partitions, Supplier<OffsetSpec> which) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int lane = 0; lane < partitions; lane++) {
      wanted.put(new TopicPartition(topic, lane), which.get());
    }
    return KafkaAnswers.await(
        admin.listOffsets(wanted).all(), left(), tried("Looking up the offsets"));
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }

  private String tried(String what) {
    return what + " of topic " + topic + " for group " + group + " on Kafka";
  }
}
