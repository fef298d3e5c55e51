// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A member of a group. Settlements wait here for the next poll, as on a real broker. */
final class MemorySubscription implements Subscription {
  /** How long a wait may be before leases and delays are looked at again. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemoryTransport transport;
  private final InMemoryBroker broker;
  private final Group group;
  private final LaneListener listener;
  private final List<Settlement> settlements = new ArrayList<>();
  private final Set<Integer> told = new TreeSet<>();
  private Membership member;
  private boolean closed;

  private record Settlement(MemoryDelivery delivery, boolean accepted, long delayNanos) {}

  /** Joins; called under the broker's lock. */
  MemorySubscription(MemoryTransport transport, Group group, LaneListener listener) {
    this.transport = transport;
    this.broker = transport.broker();
    this.group = group;
    this.listener = listener;
    this.member = transport.join(group);
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    do {
      refuseIfEnded();
      flush();
      tellLanes();
      List<MemoryDelivery> taken = takeOrWait(max, deadline);
      if (!taken.isEmpty()) {
        return List.copyOf(taken);
      }
    } while (deadline - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted());
    return List.of();
  }

  private void refuseIfEnded() {
    if (closed) {
      throw new IllegalStateException("The subscription was closed");
    }
    if (transport.isCrashed()) {
      throw new TransportException(
          Verdict.UNKNOWN, "Polling " + broker + ": the client crashed; open another transport");
    }
  }

  private List<MemoryDelivery> takeOrWait(int max, long deadline) {
    return broker.locked(
        () -> {
          List<MemoryDelivery> taken = broker.reachable() ? take(max) : List.of();
          long left = deadline - System.nanoTime();
          if (taken.isEmpty() && left > 0) {
            awaitChange(Math.min(left, LOOK_AGAIN_NANOS));
          }
          return taken;
        });
  }

  private List<MemoryDelivery> take(int max) {
    member.renew();
    List<MemoryDelivery> taken = new ArrayList<>();
    for (int lane : told) {
      if (group.lanes.get(lane).owner == member) {
        group.lanes.get(lane).take(member, max, taken);
      }
    }
    return taken;
  }

  private void awaitChange(long nanos) {
    try {
      broker.awaitChange(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hears of lanes lost, gives up lanes that others should have, and takes new ones. */
  private void tellLanes() {
    if (broker.locked(this::dropExpired)) {
      tellLost();
    }
    Set<Integer> leaving = broker.locked(() -> reachable() ? group.toGiveUp(member) : Set.of());
    if (!leaving.isEmpty()) {
      listener.revoking(leaving);
      flush();
      told.removeAll(leaving);
      broker.change(() -> group.giveUp(member, leaving));
    }
    Set<Integer> fresh = broker.locked(() -> reachable() ? group.lanesOf(member) : new TreeSet<>());
    fresh.removeAll(told);
    if (!fresh.isEmpty()) {
      told.addAll(fresh);
      listener.assigned(fresh);
    }
  }

  private boolean reachable() {
    return broker.reachable() && !member.gone;
  }

  /** Whether this member was dropped; if so it joins again. */
  private boolean dropExpired() {
    if (!broker.reachable()) {
      return false;
    }
    broker.change(() -> group.drop(Membership::expired));
    if (!member.gone) {
      return false;
    }
    settlements.clear();
    member = transport.join(group);
    return true;
  }

  private void tellLost() {
    Set<Integer> lost = Set.copyOf(told);
    told.clear();
    if (!lost.isEmpty()) {
      listener.lost(lost);
    }
  }

  @Override
  public boolean accept(Delivery delivery) {
    return settle(new Settlement(ours(delivery), true, 0));
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    return settle(new Settlement(ours(delivery), false, delay.toNanos()));
  }

  private static MemoryDelivery ours(Delivery delivery) {
    if (delivery instanceof MemoryDelivery ours) {
      return ours;
    }
    throw new IllegalArgumentException("Not a delivery of this subscription: " + delivery);
  }

  private boolean settle(Settlement settlement) {
    MemoryDelivery delivery = settlement.delivery;
    if (closed || delivery.settled || delivery.member() != member) {
      return false;
    }
    boolean held = broker.locked(() -> stillOurs(delivery));
    if (held) {
      delivery.settled = true;
      settlements.add(settlement);
    }
    return held;
  }

  private boolean stillOurs(MemoryDelivery delivery) {
    group.drop(Membership::expired);
    return !member.gone && group.lanes.get(delivery.lane()).owns(delivery);
  }

  /** Brings the settlements to the broker, if it can be reached. */
  private void flush() {
    if (settlements.isEmpty()) {
      return;
    }
    broker.change(
        () -> {
          if (broker.reachable()) {
            settlements.forEach(this::apply);
            settlements.clear();
          }
        });
  }

  private void apply(Settlement settlement) {
    MemoryDelivery delivery = settlement.delivery;
    GroupLane lane = group.lanes.get(delivery.lane());
    if (!lane.owns(delivery)) {
      return;
    }
    if (settlement.accepted) {
      lane.forget(delivery.offset());
    } else {
      lane.putBack(delivery, settlement.delayNanos);
    }
  }

  @Override
  public boolean holdsLanesAlone() {
    return true;
  }

  /** A lane is handed out by its offsets: nothing comes late. */
  @Override
  public Duration lateness() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    boolean dropped = broker.locked(() -> member.gone);
    if (dropped) {
      tellLost();
    } else if (!told.isEmpty()) {
      listener.revoking(Set.copyOf(told));
    }
    broker.change(
        () -> {
          if (broker.awaitReachable(transport.connectTimeout())) {
            settlements.forEach(this::apply);
          }
          group.drop(other -> other == member);
        });
    settlements.clear();
    closed = true;
  }
}
