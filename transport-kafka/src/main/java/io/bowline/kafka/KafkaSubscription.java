// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a group. Accepting marks; polls commit, for each lane, the offsets up to the oldest
 * message that was not accepted: each poll that finds nothing, and of the others one in {@link
 * OffsetCommits#PACE_NANOS}. Releasing holds the message here, which also pins the commit. Confined
 * to the polling thread.
 */
final class KafkaSubscription implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSubscription.class);

  /** How long to leave the client alone after an exception that it may get over. */
  private static final long AFTER_TROUBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Consumer<byte[], byte[]> consumer;
  private final SubscriptionSpec spec;
  private final Duration patience;
  private final String who;
  private final HeldLanes lanes;
  private final FetchedRecords fetched = new FetchedRecords();
  private final HeldDeliveries released = new HeldDeliveries();
  private final OffsetCommits commits;
  private final StartPositions positions;
  private final Rebalances rebalances;
  private final PausedLanes paused;
  private final OncePerMinute warnings = new OncePerMinute();
  private @Nullable TransportException failure;
  private boolean closed;

  KafkaSubscription(
      Consumer<byte[], byte[]> consumer,
      SubscriptionSpec spec,
      LaneListener listener,
      Duration patience) {
    this.consumer = consumer;
    this.spec = spec;
    this.patience = patience;
    who = "topic " + spec.topic() + " group " + spec.group();
    lanes = new HeldLanes(spec.topic(), spec.maxSpan());
    commits = new OffsetCommits(consumer, lanes, who);
    positions = new StartPositions(consumer, who, patience);
    paused = new PausedLanes(consumer, lanes);
    rebalances = new Rebalances(this, listener, who);
  }

  /**
   * Joins the group, with the next poll.
   *
   * @throws TransportException REFUSED if the group may not be read
   */
  void start() {
    consumer.subscribe(List.of(spec.topic()), rebalances);
    try {
      // Asks for nothing that is needed here, but tells early whether the group may be read.
      consumer.committed(Set.of(lanes.partition(0)), patience);
    } catch (RuntimeException e) {
      if (KafkaVerdicts.endsSubscription(e)) {
        throw KafkaVerdicts.exception(Moment.POLLED, "Subscribing to " + who, e);
      }
      LOG.debug("The committed offsets of {} are not known yet", who, e);
    }
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw new IllegalStateException("The subscription to " + who + " is closed");
    }
    List<Delivery> found = new ArrayList<>();
    if (rebalances.running()) {
      return found;
    }
    long now = System.nanoTime();
    long end = now + timeout.toNanos();
    if (max > 0 && !commits.areDue(now) && !Thread.currentThread().isInterrupted()) {
      gather(max, now, found);
    }
    while (found.isEmpty() && !Thread.currentThread().isInterrupted()) {
      settleWithBroker(commits::commit);
      gather(max, end, found);
      if (end - System.nanoTime() <= 0) {
        break;
      }
    }
    // What a rebalance held up, or settled.
    if (!Thread.currentThread().isInterrupted() && (found.isEmpty() || commits.areDue(now))) {
      settleWithBroker(commits::commit);
    }
    return found;
  }

  private void gather(int max, long end, List<Delivery> found) {
    fetch(max, end);
    collect(max, found);
  }

  private void settleWithBroker(Runnable commit) {
    try {
      commit.run();
    } catch (RuntimeException e) {
      throw ended(e);
    }
  }

  /** Polls the client, which also lets it take part in the group, and keeps what it brings. */
  private void fetch(int max, long end) {
    long now = System.nanoTime();
    int ready = fetched.size() + released.due(now);
    boolean wanted = ready < max && released.size() < spec.maxUnsettled();
    long wait = Math.max(0, end - now);
    if (max > 0) {
      wait = ready > 0 ? 0 : Math.min(wait, released.untilNext(now).orElse(Long.MAX_VALUE));
    }
    try {
      paused.update(!wanted);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofNanos(wait));
      fetched.add(records);
    } catch (InterruptException e) {
      // The flag is set again: the caller's loop ends by it.
      LOG.debug("A poll was interrupted: {}", who);
    } catch (InvalidOffsetException e) {
      mend(e);
    } catch (RuntimeException e) {
      trouble(e, end);
    }
  }

  private void collect(int max, List<Delivery> found) {
    for (KafkaDelivery delivery : released.take(System.nanoTime(), max)) {
      found.add(lanes.handOutAgain(delivery));
    }
    while (found.size() < max) {
      ConsumerRecord<byte[], byte[]> record = fetched.take();
      if (record == null) {
        break;
      }
      KafkaDelivery delivery = lanes.handOut(record);
      if (delivery != null) {
        found.add(delivery);
      }
    }
    fetched.takeEnds().forEach(lanes::nothingBefore);
  }

  private void mend(InvalidOffsetException complaint) {
    try {
      Set<Integer> back = positions.mend(complaint);
      if (!back.isEmpty()) {
        rebalances.startOver(back);
      }
    } catch (InterruptException e) {
      LOG.debug("Looking for a start position was interrupted: {}", who);
    } catch (RuntimeException e) {
      trouble(e, System.nanoTime() + AFTER_TROUBLE_NANOS);
    }
  }

  private void trouble(RuntimeException seen, long end) {
    if (KafkaVerdicts.endsSubscription(seen)) {
      throw ended(seen);
    }
    if (!(seen instanceof RetriableException) && warnings.allows(seen.getClass().getName())) {
      LOG.warn(
          "Reading {} failed, and is tried again with each poll. If this lasts, look at the"
              + " broker: {}",
          who,
          seen.toString());
    }
    LockSupport.parkNanos(Math.min(AFTER_TROUBLE_NANOS, Math.max(0, end - System.nanoTime())));
  }

  private TransportException ended(RuntimeException seen) {
    TransportException end = KafkaVerdicts.exception(Moment.POLLED, "Reading " + who, seen);
    failure = end;
    return end;
  }

  @Override
  public boolean accept(Delivery delivery) {
    KafkaDelivery ours = ours(delivery);
    return lanes.isOurs(ours) && ours.settle() && lanes.succeeded(ours);
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    KafkaDelivery ours = ours(delivery);
    if (!lanes.isOurs(ours) || !ours.settle()) {
      return false;
    }
    released.hold(ours, System.nanoTime() + Math.max(0, delay.toNanos()));
    return true;
  }

  private static KafkaDelivery ours(Delivery delivery) {
    if (delivery instanceof KafkaDelivery ours) {
      return ours;
    }
    throw new IllegalArgumentException("Not a delivery of Kafka: " + delivery);
  }

  /** These lanes are ours from now on. */
  void take(Set<Integer> fresh) {
    lanes.assign(fresh);
    paused.fresh(fresh);
  }

  /** Commits what was accepted, whether or not the thread was interrupted. */
  void commitLast(Duration atMost) {
    boolean interrupted = Thread.interrupted();
    try {
      commits.commit(atMost);
    } catch (RuntimeException e) {
      LOG.warn("The last commit of {} failed; messages come again: {}", who, e.toString());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Duration patience() {
    return patience;
  }

  /** These lanes are no longer ours, with all that was fetched or held of them. */
  void drop(Set<Integer> gone) {
    lanes.drop(gone);
    fetched.drop(gone);
    released.drop(gone);
    paused.gone(gone);
  }

  /** The offsets of these lanes mean other messages from now on. */
  void forget(Set<Integer> gone) {
    lanes.forget(gone);
    drop(gone);
  }

  @Override
  public boolean holdsLanesAlone() {
    return true;
  }

  @Override
  public Duration lateness() {
    return Duration.ofSeconds(1); // a partition is read by its offsets: nothing comes late
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = Thread.interrupted();
    try {
      commitLast(patience);
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      rebalances.closeBy(end);
      consumer.close(CloseOptions.timeout(left));
    } catch (RuntimeException e) {
      interrupted |= e instanceof InterruptException;
      LOG.warn("The consumer of {} did not close in order: {}", who, e.toString());
    } finally {
      drop(lanes.lanes());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
