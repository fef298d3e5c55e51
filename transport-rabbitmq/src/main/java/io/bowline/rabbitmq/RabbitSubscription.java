// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.ConsumeChannel.ConsumeTarget;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group: one channel that consumes the queues of all lanes. Each queue keeps to one
 * active consumer, so that of several members one is served for a lane, and the others wait.
 *
 * <p>What is released stays unacknowledged and is handed out again from memory: a message given
 * back to its queue would count against the delivery limit, at which the broker drops it.
 */
final class RabbitSubscription implements Subscription {
  private static final Logger log = LoggerFactory.getLogger(RabbitSubscription.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final SupervisedConnection consuming;
  private final GroupMembership membership;
  private final ConsumeTarget target;
  private final LaneListener listener;
  private final Set<Integer> lanes;
  private final String member = ConsumeChannel.randomName();
  private final HeldReleases held = new HeldReleases();
  private final Attempts attempts;
  private final Warnings warnings = new Warnings();
  private final long clockStart = System.nanoTime();
  private @Nullable ConsumeChannel channel;
  private boolean assigned;
  private boolean closed;
  private long nextTry;

  /** Makes sure that the queues exist, asking the broker. */
  interface GroupMembership {
    void renew();
  }

  RabbitSubscription(
      SupervisedConnection consuming,
      GroupMembership membership,
      ConsumeTarget target,
      LaneListener listener) {
    this.consuming = consuming;
    this.membership = membership;
    this.target = target;
    this.listener = listener;
    this.lanes = IntStream.range(0, target.lanes()).boxed().collect(Collectors.toSet());
    this.attempts = new Attempts(target.lanes() * target.prefetch());
  }

  /** Begins to consume on an open connection. */
  void open(Connection connection) {
    try {
      channel = ConsumeChannel.open(connection, target, member);
    } catch (IOException | ShutdownSignalException e) {
      throw RabbitVerdicts.asking("consume the queues of group " + target.group(), e);
    }
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    if (closed) {
      throw new IllegalStateException(
          "The subscription of " + target.group() + " to " + target.topic() + " is closed");
    }
    long end = now() + Math.max(0, timeout.toNanos());
    ConsumeChannel current = current(end);
    if (current == null) {
      return List.of();
    }
    current.flush();
    List<Delivery> polled = new ArrayList<>();
    collect(current, max, polled);
    while (polled.isEmpty() && now() < end && waited(current, max, end)) {
      collect(current, max, polled);
    }
    return polled;
  }

  /** Waits for something to happen; false if an interrupt or the channel's end cut it short. */
  private boolean waited(ConsumeChannel current, int max, long end) {
    long now = now();
    long atMost = max > 0 ? held.untilNext(now, end - now) : end - now;
    try {
      current.await(max > 0, atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return current.ended() == null;
  }

  private void collect(ConsumeChannel current, int max, List<Delivery> polled) {
    for (RabbitDelivery due : held.take(max, now())) {
      polled.add(due.again());
    }
    for (RabbitDelivery fresh : current.take(max - polled.size())) {
      polled.add(attempts.counted(fresh));
    }
  }

  /** The channel in use; renews it if it ended. Null if there is none within the time. */
  private @Nullable ConsumeChannel current(long end) {
    ConsumeChannel current = channel;
    String why = current == null ? null : current.ended();
    if (current != null && why != null) {
      drop(current, why);
      current = null;
    }
    if (current == null) {
      current = renewed(end);
    }
    if (current != null && !assigned) {
      assigned = true;
      log.info("Consuming {} lanes of {} for {}", lanes.size(), target.topic(), target.group());
      listener.assigned(lanes);
    }
    return current;
  }

  private void drop(ConsumeChannel ended, String why) {
    ended.giveUp(why);
    channel = null;
    held.clear();
    if (warnings.due("lost")) {
      log.warn(
          "Lost all lanes of {} for {}, consuming again: {}; what was unsettled comes again",
          target.topic(),
          target.group(),
          why);
    }
    if (assigned) {
      assigned = false;
      listener.lost(lanes);
    }
  }

  private @Nullable ConsumeChannel renewed(long end) {
    long wait = Math.max(0, Math.min(end, Math.max(now(), nextTry)) - now());
    consumingPause(wait);
    if (now() < nextTry) {
      return null;
    }
    Optional<Connection> connection = consuming.awaitOpen(Duration.ofNanos(end - now()));
    if (connection.isEmpty()) {
      return null;
    }
    try {
      channel = ConsumeChannel.open(connection.get(), target, member);
    } catch (IOException | ShutdownSignalException e) {
      nextTry = now() + RETRY.toNanos();
      renewQueues(e);
    }
    return channel;
  }

  private void consumingPause(long nanos) {
    if (nanos > 0) {
      consuming.awaitChange(Duration.ofNanos(nanos));
    }
  }

  /** A queue that is gone is made again: an operator may have removed it, with what was in it. */
  private void renewQueues(Exception seen) {
    if (warnings.due("consume")) {
      log.warn(
          "Cannot consume {} for {}, trying again: {}",
          target.topic(),
          target.group(),
          RabbitVerdicts.describe(seen));
    }
    if (RabbitVerdicts.code(seen).orElse(0) == AMQP.ACCESS_REFUSED) {
      throw RabbitVerdicts.asking("consume the queues of group " + target.group(), seen);
    }
    if (RabbitVerdicts.code(seen).orElse(0) == AMQP.NOT_FOUND) {
      try {
        membership.renew();
      } catch (TransportException e) {
        if (e.verdict() == Verdict.REFUSED) {
          throw e;
        }
      }
    }
  }

  @Override
  public boolean accept(Delivery delivery) {
    RabbitDelivery ours = ours(delivery);
    ConsumeChannel current = channel;
    if (ours == null || current == null || !current.accept(ours)) {
      return false;
    }
    attempts.forget(ours);
    return ours.settle();
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    RabbitDelivery ours = ours(delivery);
    if (ours == null || !ours.settle()) {
      return false;
    }
    attempts.remember(ours);
    held.hold(ours, now() + Math.max(0, delay.toNanos()));
    return true;
  }

  /** The delivery as ours, if it came by the channel in use and is unsettled. */
  private @Nullable RabbitDelivery ours(Delivery delivery) {
    ConsumeChannel current = channel;
    return current != null
            && current.ended() == null
            && delivery instanceof RabbitDelivery ours
            && ours.cameBy(current.name())
            && !ours.isSettled()
        ? ours
        : null;
  }

  @Override
  public boolean holdsLanesAlone() {
    return false;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    ConsumeChannel last = channel;
    if (last != null && last.ended() == null) {
      if (assigned) {
        listener.revoking(lanes);
      }
      last.leave();
    } else if (assigned) {
      listener.lost(lanes);
    }
    channel = null;
    held.clear();
    log.info("Stopped consuming {} for {}", target.topic(), target.group());
  }

  /** Nanoseconds since this subscription began: small, so that sums do not overflow. */
  private long now() {
    return System.nanoTime() - clockStart;
  }
}
