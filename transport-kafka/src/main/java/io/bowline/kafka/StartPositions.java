// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reading begins when the group's committed offset does not say, or says what is gone. The
 * client has no reset policy, so it asks here, and nothing is skipped in silence. Confined to the
 * polling thread.
 */
final class StartPositions {
  private static final Logger LOG = LoggerFactory.getLogger(StartPositions.class);

  private final Consumer<byte[], byte[]> consumer;
  private final HeldLanes held;
  private final String who;
  private final Duration patience;

  /**
   * Seeks with this consumer.
   *
   * @param held how far each lane has come
   * @param who topic and group, for the log
   * @param patience the longest wait for the broker's word about its log
   */
  StartPositions(Consumer<byte[], byte[]> consumer, HeldLanes held, String who, Duration patience) {
    this.consumer = consumer;
    this.held = held;
    this.who = who;
    this.patience = patience;
  }

  /**
   * Chooses a position for each partition the client complains of: the oldest message, or the place
   * up to which the log is still the one that was read.
   *
   * @return the lanes that go back to an earlier offset than was read: what was handed out of them
   *     is no longer in the log
   */
  Set<Integer> mend(InvalidOffsetException complaint) {
    Set<TopicPartition> ours = new HashSet<>(complaint.partitions());
    ours.retainAll(consumer.assignment());
    if (!(complaint instanceof OffsetOutOfRangeException gone)) {
      LOG.info("{} has no committed offset for lanes {}: starting at the oldest", who, lanes(ours));
      consumer.seekToBeginning(ours);
      return Set.of();
    }
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(ours, patience);
    Set<Integer> back = new HashSet<>();
    for (TopicPartition partition : ours) {
      long position = gone.offsetOutOfRangePartitions().getOrDefault(partition, 0L);
      long start = oldest.getOrDefault(partition, 0L);
      if (start > position) {
        warnOfRetention(partition, position, start);
        consumer.seek(partition, start);
      } else {
        seekBack(partition, position, start, gone);
        back.add(partition.partition());
      }
    }
    return back;
  }

  private void warnOfRetention(TopicPartition partition, long position, long start) {
    LOG.warn(
        "{} lane {}: messages at offsets {} to {} are gone unread, removed by retention. Reading"
            + " goes on at {}, the oldest that is left. Raise the topic's retention, or find out"
            + " why the group fell behind",
        who,
        partition.partition(),
        position,
        start - 1,
        start);
  }

  private void seekBack(
      TopicPartition partition, long position, long start, OffsetOutOfRangeException gone) {
    OffsetAndMetadata divergent =
        gone instanceof LogTruncationException cut ? cut.divergentOffsets().get(partition) : null;
    long from = start;
    if (divergent != null) {
      // Not past what was handed out and is unsettled: it is to come again from here.
      long reached = held.reached(partition.partition()).orElse(divergent.offset());
      from = Math.max(start, Math.min(divergent.offset(), reached));
    }
    LOG.warn(
        "{} lane {}: the log ends before offset {}, where reading was to go on: it was cut (by an"
            + " unclean leader election) or the topic was made anew. Messages that were read or"
            + " confirmed may be lost. Reading goes on at {}; messages may come again",
        who,
        partition.partition(),
        position,
        from);
    consumer.seek(partition, from);
  }

  private static Set<Integer> lanes(Set<TopicPartition> partitions) {
    Set<Integer> lanes = new TreeSet<>();
    partitions.forEach(partition -> lanes.add(partition.partition()));
    return lanes;
  }
}
