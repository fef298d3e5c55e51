// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what may be committed, always by explicit offsets and always synchronously. What fails
 * stays committable, and the next call tries it again. Confined to the polling thread.
 */
final class OffsetCommits {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);

  /** Long enough for a busy broker. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** While no commit gets through: short, so that the polling thread stays responsive. */
  private static final Duration IN_TROUBLE = Duration.ofSeconds(1);

  /**
   * While messages flow they are committed no more often than this: 10 ms. The polling thread waits
   * for the broker at each commit; what was handled within this time comes again after a crash.
   */
  static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(Subscription.SETTLED_WITHIN_MILLIS);

  private final Consumer<byte[], byte[]> consumer;
  private final HeldLanes lanes;
  private final String who;
  private final OncePerMinute warnings = new OncePerMinute();
  private boolean inTrouble;
  private long last = System.nanoTime() - PACE_NANOS;

  /**
   * Commits for these lanes.
   *
   * @param who topic and group, for the log
   */
  OffsetCommits(Consumer<byte[], byte[]> consumer, HeldLanes lanes, String who) {
    this.consumer = consumer;
    this.lanes = lanes;
    this.who = who;
  }

  /** Whether the last commit is so long ago that messages which flow must not hold up the next. */
  boolean areDue(long now) {
    return now - last >= PACE_NANOS;
  }

  /**
   * Commits.
   *
   * @throws RuntimeException if the subscription can never work again
   */
  void commit() {
    commit(inTrouble ? IN_TROUBLE : PATIENCE);
  }

  /** The same, waiting at most this long. */
  void commit(Duration atMost) {
    Map<TopicPartition, OffsetAndMetadata> offsets = lanes.committable();
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, atMost);
      lanes.committed(offsets);
      last = System.nanoTime();
      inTrouble = false;
    } catch (InterruptException e) {
      // Its constructor has set the flag again. Whether it was committed does not matter: once more
      // does no harm.
      LOG.debug("A commit was interrupted: {}", who);
    } catch (RebalanceInProgressException | CommitFailedException e) {
      // The poll that follows takes part in the rebalance, and tells whether we keep the lanes.
      LOG.debug("A commit must wait for a rebalance: {}", who, e);
    } catch (RuntimeException e) {
      if (KafkaVerdicts.endsSubscription(e)) {
        throw e;
      }
      inTrouble = true;
      if (warnings.allows(e.getClass().getName())) {
        LOG.warn(
            "Cannot commit {} of {}, {}: trying again with each poll. If this lasts, messages that"
                + " were processed come again after a restart: {}",
            offsets,
            who,
            e instanceof RetriableException ? "no answer in time" : "an unexpected answer",
            e.toString());
      }
    }
  }
}
