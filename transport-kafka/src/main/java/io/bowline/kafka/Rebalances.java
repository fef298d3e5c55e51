// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.LaneListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the client's word about partitions on as lanes. Revoked: the caller settles, we commit,
 * then let go. Lost: we let go first, since another member may own them, and commit nothing. Called
 * on the polling thread, from inside the client's poll or close.
 */
final class Rebalances implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Rebalances.class);

  private final KafkaSubscription subscription;
  private final LaneListener listener;
  private final String who;
  private boolean running;
  private long closeBy = Long.MAX_VALUE;

  Rebalances(KafkaSubscription subscription, LaneListener listener, String who) {
    this.subscription = subscription;
    this.listener = listener;
    this.who = who;
  }

  /** Whether the caller is inside one: the client cannot be polled then. */
  boolean running() {
    return running;
  }

  /** The subscription closes, and has time until then. */
  void closeBy(long nanoTime) {
    closeBy = nanoTime;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    Set<Integer> lanes = lanes(partitions);
    if (!lanes.isEmpty()) {
      LOG.info("{}: lanes {} assigned", who, lanes);
      subscription.take(lanes);
      tell(() -> listener.assigned(lanes));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    Set<Integer> lanes = lanes(partitions);
    if (!lanes.isEmpty()) {
      LOG.info("{}: lanes {} revoked", who, lanes);
      tell(() -> listener.revoking(lanes));
      subscription.commitLast(patience());
      subscription.drop(lanes);
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    Set<Integer> lanes = lanes(partitions);
    if (!lanes.isEmpty()) {
      LOG.warn(
          "{}: lanes {} lost: this member was not heard of in time (max.poll.interval.ms,"
              + " session.timeout.ms), or the broker forgot it. Their messages come again",
          who,
          lanes);
      subscription.drop(lanes);
      tell(() -> listener.lost(lanes));
    }
  }

  /** The log of these lanes is another now: what was handed out of them is void. */
  void startOver(Set<Integer> lanes) {
    subscription.forget(lanes);
    tell(() -> listener.lost(lanes));
    subscription.take(lanes);
    tell(() -> listener.assigned(lanes));
  }

  private Duration patience() {
    if (closeBy == Long.MAX_VALUE) {
      return subscription.patience();
    }
    return Duration.ofNanos(Math.max(0, closeBy - System.nanoTime()));
  }

  private void tell(Runnable word) {
    running = true;
    try {
      word.run();
    } catch (RuntimeException e) {
      // A listener must not throw; the client would give up the whole poll for it.
      LOG.error("{}: the lane listener failed", who, e);
    } finally {
      running = false;
    }
  }

  private static Set<Integer> lanes(Collection<TopicPartition> partitions) {
    Set<Integer> lanes = new TreeSet<>();
    partitions.forEach(partition -> lanes.add(partition.partition()));
    return lanes;
  }
}
