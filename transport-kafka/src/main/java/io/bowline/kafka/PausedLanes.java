// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which lanes the client may bring records of: paused, it still heartbeats and takes part in
 * rebalances while nothing is wanted. Tells the client changes only. Confined to the polling
 * thread.
 */
final class PausedLanes {
  private final Consumer<byte[], byte[]> consumer;
  private final HeldLanes lanes;
  private final Set<Integer> paused = new HashSet<>();
  private boolean all;

  PausedLanes(Consumer<byte[], byte[]> consumer, HeldLanes lanes) {
    this.consumer = consumer;
    this.lanes = lanes;
  }

  /** Pauses all lanes, or only those that may be read no further for now. */
  void update(boolean all) {
    this.all = all;
    Set<Integer> pause = new HashSet<>();
    Set<Integer> resume = new HashSet<>();
    for (int lane : lanes.lanes()) {
      boolean stop = all || lanes.atSpanLimit(lane);
      if (stop != paused.contains(lane)) {
        (stop ? pause : resume).add(lane);
      }
    }
    if (!pause.isEmpty()) {
      consumer.pause(partitions(pause));
      paused.addAll(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(partitions(resume));
      paused.removeAll(resume);
    }
  }

  /** These lanes were assigned just now, and the client begins them unpaused. */
  void fresh(Set<Integer> fresh) {
    paused.removeAll(fresh);
    update(all);
  }

  /** These lanes are no longer ours. */
  void gone(Set<Integer> gone) {
    paused.removeAll(gone);
  }

  private Collection<TopicPartition> partitions(Set<Integer> some) {
    return some.stream().map(lanes::partition).toList();
  }
}
