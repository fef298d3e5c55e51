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
  private final String who;
  private final Duration patience;

  /**
   * Seeks with this consumer.
   *
   * @param who topic and group, for the log
   * @param patience the longest wait for the broker's word about its log
   */
  StartPositions(Consumer<byte[], byte[]> consumer, String who, Duration patience) {
    this.consumer = consumer;
    this.who = who;
    this.patience = patience;
  }

  /**
   * Moves each partition the client complains of to its oldest message.
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

  /**
   * To the oldest, not to where the client says that the logs part: it compares leader epochs,
   * which begin anew with a topic made anew, and what lies before may never have been read.
   */
  private void seekBack(
      TopicPartition partition, long position, long start, OffsetOutOfRangeException gone) {
    OffsetAndMetadata parting =
        gone instanceof LogTruncationException cut ? cut.divergentOffsets().get(partition) : null;
    LOG.warn(
        "{} lane {}: the log ends before offset {}, where reading was to go on{}. It was cut (by an"
            + " unclean leader election), or the topic was made anew; confirmed messages may be"
            + " lost. Reading goes on at {}, the oldest, so messages come again",
        who,
        partition.partition(),
        position,
        parting == null ? "" : ", or is another from offset " + parting.offset() + " on",
        start);
    consumer.seek(partition, start);
  }

  private static Set<Integer> lanes(Set<TopicPartition> partitions) {
    Set<Integer> lanes = new TreeSet<>();
    partitions.forEach(partition -> lanes.add(partition.partition()));
    return lanes;
  }
}
