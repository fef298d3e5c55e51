// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.testkit.simulation.SimulatedBroker.Kept;
import io.bowline.testkit.simulation.SimulatedBroker.Lane;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A member of the simulated group. What it settles is with the broker after its next poll. */
final class SimulatedSubscription implements Subscription {
  private final SimulatedBroker broker;
  private final SimulatedMachine machine;
  private final SubscriptionSpec spec;
  private final LaneListener listener;
  private final Set<Integer> held = new TreeSet<>();
  private final List<SimulatedDelivery> accepted = new ArrayList<>();
  private int unsettled;
  private boolean broken;
  private boolean closed;

  SimulatedSubscription(
      SimulatedBroker broker,
      SimulatedMachine machine,
      SubscriptionSpec spec,
      LaneListener listener) {
    this.broker = broker;
    this.machine = machine;
    this.spec = spec;
    this.listener = listener;
  }

  /** From now on it can never work again. */
  void breaks() {
    broken = true;
  }

  Set<Integer> holds() {
    return held;
  }

  SimulatedMachine machine() {
    return machine;
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    machine.checkAlive();
    if (broken) {
      throw new TransportException(Verdict.UNKNOWN, "The subscription is broken on purpose");
    }
    flush();
    tellLanes();
    boolean unused = machine.time().await(() -> max > 0 && hasNews(), timeout);
    tellLanes();
    boolean reads = !broker.isDown() && broker.isMember(this);
    List<Delivery> taken = reads ? take(max) : List.of();
    flush();
    return taken;
  }

  private boolean hasNews() {
    return !broker.isDown()
        && (!broker.isMember(this) || held.stream().anyMatch(lane -> anyFree(lane)));
  }

  private boolean anyFree(int lane) {
    for (Kept kept : lane(lane).unaccepted.values()) {
      if (kept.holder == null) {
        return true;
      }
    }
    return false;
  }

  private Lane lane(int number) {
    return broker.lanes(spec.topic()).get(number);
  }

  private List<Delivery> take(int max) {
    boolean tooMany = broker.flaw() == BrokerFlaw.HANDS_OUT_TOO_MANY;
    int most = tooMany ? max + spec.maxUnsettled() : max;
    List<Delivery> taken = new ArrayList<>();
    for (int lane : held) {
      List<Kept> waiting = new ArrayList<>(lane(lane).unaccepted.values());
      if (broker.flaw() == BrokerFlaw.HANDS_OUT_OF_ORDER) {
        Collections.reverse(waiting);
      }
      for (Kept kept : waiting) {
        if (taken.size() < most && kept.holder == null) {
          kept.holder = this;
          kept.attempts++;
          taken.add(new SimulatedDelivery(kept, kept.attempts, lane));
        }
      }
    }
    unsettled += taken.size();
    broker.bounded(machine + " holds deliveries", unsettled, spec.maxUnsettled());
    return taken;
  }

  /** Hears of lanes lost, gives up those that others should have, and takes new ones. */
  private void tellLanes() {
    if (broker.isDown()) {
      return;
    }
    if (!broker.isMember(this)) {
      lose();
      broker.join(this);
    }
    Set<Integer> leaving = new TreeSet<>(held);
    leaving.removeIf(lane -> broker.isFor(this, lane));
    if (!leaving.isEmpty()) {
      listener.revoking(leaving);
      if (!broker.isMember(this)) {
        return; // dropped meanwhile: told at the next poll
      }
      flush();
      letGo(leaving);
    }
    Set<Integer> fresh = new TreeSet<>();
    for (Lane lane : broker.lanes(spec.topic())) {
      if (!held.contains(lane.number) && broker.isFree(this, lane.number)) {
        fresh.add(lane.number);
      }
    }
    if (!fresh.isEmpty()) {
      held.addAll(fresh);
      listener.assigned(fresh);
    }
  }

  private void lose() {
    Set<Integer> lost = new TreeSet<>(held);
    held.clear();
    accepted.clear();
    unsettled = 0;
    if (!lost.isEmpty()) {
      listener.lost(lost);
    }
  }

  private void letGo(Set<Integer> leaving) {
    for (int number : leaving) {
      for (Kept kept : lane(number).unaccepted.values()) {
        unsettled -= kept.holder == this ? 1 : 0;
      }
      broker.free(lane(number), this);
      held.remove(number);
    }
  }

  private boolean isOurs(SimulatedDelivery delivery) {
    return !closed
        && broker.isMember(this)
        && held.contains(delivery.lane())
        && delivery.kept.holder == this
        && delivery.kept.attempts == delivery.attempt()
        && !delivery.settled;
  }

  @Override
  public boolean accept(Delivery delivery) {
    SimulatedDelivery ours = (SimulatedDelivery) delivery;
    if (!isOurs(ours)) {
      return false;
    }
    ours.settled = true;
    accepted.add(ours);
    return true;
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    SimulatedDelivery ours = (SimulatedDelivery) delivery;
    if (!isOurs(ours)) {
      return false;
    }
    ours.settled = true;
    unsettled--;
    machine.time().after(broker.machine(), delay, () -> ours.kept.holder = null);
    return true;
  }

  private void flush() {
    if (broker.isDown() || !broker.isMember(this)) {
      return;
    }
    for (SimulatedDelivery delivery : accepted) {
      unsettled--;
      broker.accepted(lane(delivery.lane()), delivery.kept, machine);
      if (broker.flaw() == BrokerFlaw.ACCEPTS_ALL_BEFORE) {
        lane(delivery.lane()).unaccepted.keySet().removeIf(o -> o < delivery.kept.offset);
      }
    }
    accepted.clear();
  }

  @Override
  public boolean holdsLanesAlone() {
    return true;
  }

  @Override
  public void close() {
    machine.checkAlive();
    if (closed) {
      return;
    }
    if (broker.isMember(this) && !held.isEmpty()) {
      listener.revoking(new TreeSet<>(held));
      flush();
    } else {
      lose();
    }
    closed = true;
    broker.drop(this);
    held.clear();
  }

  @Override
  public String toString() {
    return "member " + machine;
  }
}
