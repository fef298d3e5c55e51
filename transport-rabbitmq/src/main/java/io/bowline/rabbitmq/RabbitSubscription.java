// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.ConsumeChannel.ConsumeTarget;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Subscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group. It consumes the queues of all lanes, and each queue serves one consumer at a
 * time: a lane is ours from its first delivery on. A member that holds more than its share gives
 * lanes back by itself, and waits for them behind the others.
 *
 * <p>What is released stays unacknowledged and is handed out again from memory: a message given
 * back to its queue would count against the delivery limit, at which the broker drops it.
 */
final class RabbitSubscription implements Subscription {
  private static final Logger log = LoggerFactory.getLogger(RabbitSubscription.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofMillis(250);

  /** So that a try comes at least every 32 s. */
  private static final int MOST_FAILURES = 7;

  private final SupervisedConnection consuming;
  private final GroupQueues.Membership membership;
  private final ConsumeTarget target;
  private final LaneListener listener;
  private final Doorbell doorbell = new Doorbell();
  private final LaneShares shares;
  private final GroupMembers members;
  private final HeldReleases held = new HeldReleases();
  private final Attempts attempts;
  private final OncePerMinute warnings = new OncePerMinute();
  private final long clockStart = System.nanoTime();
  private long nextTry;
  private int failures;
  private Duration lateness = USUAL_LATENESS;
  private boolean closed;

  RabbitSubscription(
      SupervisedConnection consuming,
      GroupQueues.Membership membership,
      ConsumeTarget target,
      LaneListener listener) {
    this.consuming = consuming;
    this.membership = membership;
    this.target = target;
    this.listener = listener;
    this.shares = new LaneShares(target, doorbell);
    this.members = new GroupMembers(RabbitNames.members(target.topic(), target.group()));
    this.attempts = new Attempts(target.lanes() * target.prefetch());
  }

  /** Begins to consume on an open connection. */
  void open(Connection connection) {
    lateness = USUAL_LATENESS.plusSeconds(2L * connection.getHeartbeat());
    try {
      openAll(connection);
      log.info("Consuming {} for {}", target.topic(), target.group());
    } catch (IOException | ShutdownSignalException e) {
      shares.all().forEach(share -> share.drop("never opened"));
      members.leave();
      throw RabbitVerdicts.asking("consume the queues of group " + target.group(), e);
    }
  }

  private void openAll(Connection connection) throws IOException {
    if (membership.exclusive()) {
      members.join(connection);
    }
    shares.open(connection);
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    if (closed) {
      throw new IllegalStateException(
          "The subscription of " + target.group() + " to " + target.topic() + " is closed");
    }
    long end = now() + Math.max(0, timeout.toNanos());
    shares.flush();
    giveBackWhatIsTooMuch();
    List<Delivery> polled = new ArrayList<>();
    long heard;
    do {
      heard = doorbell.rings();
      mend();
      collect(max, polled);
    } while (polled.isEmpty() && now() < end && waited(heard, max, end));
    return polled;
  }

  /** Waits for something to happen; false if an interrupt cut it short. */
  private boolean waited(long heard, int max, long end) {
    long now = now();
    long atMost = max > 0 ? held.untilNext(now, end - now) : end - now;
    try {
      // A connection that comes back does not ring.
      doorbell.await(heard, shares.areOpen() ? atMost : Math.min(atMost, LOOK.toNanos()));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void collect(int max, List<Delivery> polled) {
    Set<Integer> ours = new TreeSet<>();
    for (RabbitDelivery due : held.take(max, now())) {
      polled.add(due.again());
    }
    for (RabbitDelivery fresh : shares.take(max - polled.size())) {
      polled.add(attempts.counted(fresh));
      if (shares.of(fresh.lane()).assign(fresh.lane())) {
        ours.add(fresh.lane());
      }
    }
    if (!ours.isEmpty()) {
      listener.assigned(ours);
    }
  }

  /** Opens again what ended, if that can be done now; what is open works on meanwhile. */
  private void mend() {
    dropEnded();
    if (shares.areOpen() || now() < nextTry) {
      return;
    }
    Optional<Connection> connection = consuming.awaitOpen(Duration.ZERO);
    if (connection.isEmpty()) {
      return;
    }
    try {
      openAll(connection.get());
      failures = 0;
    } catch (IOException | ShutdownSignalException e) {
      // A queue without a leader lets each try wait: the other lanes shall work most of the time.
      failures = Math.min(failures + 1, MOST_FAILURES);
      nextTry = now() + (RETRY.toNanos() << failures);
      renewQueues(e);
    }
  }

  private void dropEnded() {
    Map<LaneShare, String> ended = shares.ended();
    Set<Integer> lost = new TreeSet<>();
    ended.forEach((share, why) -> lost.addAll(share.drop(why)));
    if (!ended.isEmpty() && warnings.allows("lost")) {
      log.warn(
          "Lost lanes of {} for {}, consuming again: {}; what was unsettled comes again",
          target.topic(),
          target.group(),
          ended.values().iterator().next());
    }
    if (!lost.isEmpty()) {
      held.forget(lost);
      listener.lost(lost);
    }
  }

  /** A queue that is gone is made again: an operator may have removed it, with what was in it. */
  private void renewQueues(Exception seen) {
    if (warnings.allows("consume")) {
      log.warn(
          "Cannot consume {} for {}, trying again: {}",
          target.topic(),
          target.group(),
          RabbitVerdicts.describe(seen));
    }
    int code = RabbitVerdicts.code(seen).orElse(0);
    if (code == AMQP.ACCESS_REFUSED) {
      throw RabbitVerdicts.asking("consume the queues of group " + target.group(), seen);
    }
    try {
      if (code == AMQP.NOT_FOUND) {
        membership.renew().run();
      }
    } catch (TransportException e) {
      if (e.verdict() == Verdict.REFUSED) {
        throw e;
      }
    }
  }

  /** Gives lanes to other members if this one holds more than its share. */
  private void giveBackWhatIsTooMuch() {
    List<LaneShare> leaving = shares.tooMany(members.news());
    Set<Integer> lanes = new TreeSet<>();
    leaving.forEach(share -> lanes.addAll(share.assigned()));
    if (!lanes.isEmpty()) {
      listener.revoking(lanes);
      held.forget(lanes);
    }
    LaneShares.leave(leaving);
  }

  @Override
  public boolean accept(Delivery delivery) {
    RabbitDelivery ours = ours(delivery);
    ConsumeChannel channel = shares.of(delivery.lane()).channel();
    if (ours == null || channel == null || !channel.accept(ours)) {
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

  /** The delivery as ours, if it came by a channel in use and is unsettled. */
  private @Nullable RabbitDelivery ours(Delivery delivery) {
    ConsumeChannel channel = shares.of(delivery.lane()).channel();
    return channel != null
            && delivery instanceof RabbitDelivery ours
            && ours.cameBy(channel.name())
            && !ours.isSettled()
        ? ours
        : null;
  }

  @Override
  public boolean holdsLanesAlone() {
    return membership.exclusive();
  }

  /** What a lost connection held comes again once the server has noticed: two heartbeats. */
  @Override
  public Duration lateness() {
    return lateness;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    dropEnded();
    Set<Integer> lanes = new TreeSet<>();
    shares.all().forEach(share -> lanes.addAll(share.assigned()));
    if (!lanes.isEmpty()) {
      listener.revoking(lanes);
    }
    members.leave();
    LaneShares.leave(shares.all());
    held.clear();
    log.info("Stopped consuming {} for {}", target.topic(), target.group());
  }

  /** Nanoseconds since this subscription began: small, so that sums do not overflow. */
  private long now() {
    return System.nanoTime() - clockStart;
  }
}
