// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.rocketmq.Holdings.Held;
import io.bowline.rocketmq.Holdings.State;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group: received messages are held here until they are acknowledged, and kept
 * invisible to others meanwhile. It holds all lanes, as the broker shares out messages, not lanes.
 */
final class RocketSubscription implements Subscription {
  private static final Logger log = LoggerFactory.getLogger(RocketSubscription.class);

  private final RocketMember member;
  private final Receivers receivers;
  private final LaneListener lanes;
  private final RocketMessages messages;
  private final Holdings holdings = new Holdings();
  private final InvisibleLeases<Held> leases;
  private final Settlements settlements;
  private boolean assigned;

  /** Whether all that came so far was of a group in order; the group itself does not tell. */
  private boolean ordered = true;

  private boolean closed;

  RocketSubscription(
      RocketMember member, Receivers receivers, RocketMessages messages, LaneListener lanes) {
    this.member = member;
    this.receivers = receivers;
    this.messages = messages;
    this.lanes = lanes;
    leases = new InvisibleLeases<>(member.invisible());
    settlements = new Settlements(member, holdings, leases);
  }

  void start() {
    receivers.start();
    log.info("Reading {} with {}", member.who(), member.invisible());
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    assignLanes();
    long end = System.nanoTime() + timeout.toNanos();
    tend();
    List<Delivery> deliveries = handedOut(max);
    while (max > 0 && deliveries.isEmpty() && awaitSomething(end)) {
      tend();
      deliveries = handedOut(max);
    }
    if (deliveries.isEmpty()) {
      settlements.flush();
    } else {
      settlements.flushIfMany();
    }
    failIfBroken(deliveries);
    return deliveries;
  }

  private void assignLanes() {
    if (!assigned) {
      assigned = true;
      Set<Integer> all =
          IntStream.range(0, member.topic().lanes()).boxed().collect(Collectors.toSet());
      lanes.assigned(all);
    }
  }

  private void failIfBroken(List<Delivery> deliveries) {
    TransportException broken = receivers.broken();
    if (broken != null && deliveries.isEmpty()) {
      throw broken;
    }
  }

  /** Waits until a message, a released one or a renewal is due; false if there is no time left. */
  private boolean awaitSomething(long end) {
    long now = System.nanoTime();
    long left = end - now;
    if (left <= 0 || receivers.broken() != null || Thread.currentThread().isInterrupted()) {
      return false;
    }
    long due = Math.min(holdings.untilReady(now), leases.untilDue(now));
    try {
      long wait = Math.max(1, Math.min(left, Math.min(due, settlements.untilAgain(now))));
      Receivers.Batch batch = receivers.next(wait);
      if (batch != null) {
        takeIn(batch);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Answers, arrivals, lost leases, renewals, acknowledgements that failed before. */
  private void tend() {
    uncount(settlements.answers());
    for (Receivers.Batch batch = receivers.next(); batch != null; batch = receivers.next()) {
      takeIn(batch);
    }
    long now = System.nanoTime();
    for (Held lost : leases.lost(now)) {
      member
          .complaints()
          .about(
              "lost",
              "{} at {} is no longer ours and will come again: its lease of {} ended unrenewed",
              member.who(),
              lost.place,
              member.invisible());
      forget(holdings.lose(lost));
    }
    settlements.renew(now);
    settlements.again(now);
  }

  private void takeIn(Receivers.Batch batch) {
    List<Held> accepted = new ArrayList<>();
    for (MessageView view : batch.views()) {
      Place.Popped popped = Place.of(view);
      ordered &= popped.ordered();
      Holdings.Arrival arrival = holdings.arrived(popped, view);
      Held held = holdings.at(popped.place());
      if (held == null) {
        throw new IllegalStateException("Not held after its arrival: " + popped.place());
      }
      leases.granted(held, batch.receivedAt());
      if (arrival == Holdings.Arrival.KNOWN) {
        receivers.leave(1);
      }
      if (held.state == State.ACCEPTED) {
        accepted.add(held);
      }
    }
    forget(holdings.leftOut());
    uncount(accepted);
    accepted.forEach(settlements::accepted);
  }

  private List<Delivery> handedOut(int max) {
    List<Delivery> deliveries = new ArrayList<>();
    long now = System.nanoTime();
    for (Held held : holdings.next(max, now)) {
      RocketDelivery.Content content = messages.read(held.view, held.place, member.topic());
      held.delivery = new RocketDelivery(content, held.place, held.attempt);
      deliveries.add(held.delivery);
    }
    return deliveries;
  }

  @Override
  public boolean accept(Delivery delivery) {
    Held held = stillOurs(delivery);
    if (held == null) {
      return false;
    }
    holdings.accept(held);
    uncount(List.of(held));
    if (holdings.behindLost(held)) {
      holdings.end(held);
      leases.ended(held);
    } else {
      settlements.accepted(held);
    }
    return true;
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    Held held = stillOurs(delivery);
    if (held == null) {
      return false;
    }
    holdings.release(held, System.nanoTime() + delay.toNanos());
    return true;
  }

  /** What is held under a delivery; null, and forgotten, if it is settled or lost. */
  private @Nullable Held stillOurs(Delivery delivery) {
    Held held = delivery instanceof RocketDelivery ours ? holdings.out(ours) : null;
    if (held == null || closed) {
      return null;
    }
    if (leases.valid(held, System.nanoTime())) {
      return held;
    }
    forget(holdings.lose(held));
    holdings.end(held);
    forget(List.of(held));
    return null;
  }

  private void forget(List<Held> ended) {
    ended.forEach(leases::ended);
    uncount(ended);
  }

  private void uncount(List<Held> settled) {
    for (Held each : settled) {
      if (each.counted) {
        each.counted = false;
        receivers.leave(1);
      }
    }
  }

  @Override
  public boolean holdsLanesAlone() {
    // The broker shares out messages, a batch of a queue at a time, not lanes.
    return false;
  }

  /** In order, a queue hands out nothing more until its batch is settled, or its lease is over. */
  @Override
  public boolean handsOutInTurns() {
    return ordered;
  }

  /** What a lost member held comes again when its lease is over. */
  @Override
  public Duration lateness() {
    return USUAL_LATENESS.plus(member.invisible());
  }

  @Override
  public boolean handsOutAfterSettling() {
    return true; // in order, a queue has one batch out
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    receivers.stop();
    boolean interrupted = Thread.interrupted();
    try {
      if (!receivers.ended(member.closeWithin())) {
        log.warn("{}: a receive did not end in {}", member.who(), member.closeWithin());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    for (Receivers.Batch batch = receivers.next(); batch != null; batch = receivers.next()) {
      takeIn(batch);
    }
    int handedBack = settlements.handBack();
    member.close();
    log.info("Left {}, handed back {} messages", member.who(), handedBack);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
