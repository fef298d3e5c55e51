// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of the simulated broker. Sends take a while, in the order of their lane; some are lost
 * on the way, some are stored without an answer, refused for now, stored twice or stored late.
 */
final class SimulatedTransport implements Transport {
  private final SimulatedBroker broker;
  private final SimulatedMachine machine;
  private final VirtualTime time;
  private final Chaos chaos;
  private final Map<String, Long> lastArrivals = new HashMap<>();
  private final List<Sending> underWay = new ArrayList<>();

  private static final class Sending {
    final Outgoing message;
    final CompletableFuture<Receipt> answer = new CompletableFuture<>();
    boolean arrived;

    Sending(Outgoing message) {
      this.message = message;
    }
  }

  SimulatedTransport(SimulatedBroker broker, SimulatedMachine machine, Chaos chaos) {
    this.broker = broker;
    this.machine = machine;
    this.time = machine.time();
    this.chaos = chaos;
  }

  @Override
  public int lanes(String topic) {
    machine.pass(time.upTo(3));
    if (broker.isDown()) {
      throw new TransportException(Verdict.UNKNOWN, "The broker is down");
    }
    return broker.lanes(topic).size();
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    machine.checkAlive();
    Sending sending = new Sending(message);
    underWay.add(sending);
    String lane = message.topic() + "/" + message.lane();
    long arrival = time.nanos() + time.upTo(chaos.latencyMillis()).toNanos();
    arrival = Math.max(arrival, lastArrivals.getOrDefault(lane, 0L) + 1);
    lastArrivals.put(lane, arrival);
    Duration delay = Duration.ofNanos(arrival - time.nanos());
    // What is on its way arrives also if its sender crashes meanwhile.
    time.after(broker.machine(), delay, () -> arrive(sending));
    return sending.answer;
  }

  private void arrive(Sending sending) {
    if (sending.answer.isDone()) {
      return; // cut off meanwhile: it was lost, or stored then
    }
    if (broker.isDown() && chaos.onlyCuts()) {
      cut();
      return;
    }
    if (broker.isDown()) {
      fail(sending, Verdict.NOT_STORED, Duration.ZERO);
      return;
    }
    sending.arrived = true;
    meet(chaos.fate(), sending);
  }

  private void meet(Chaos.Fate fate, Sending sending) {
    switch (fate) {
      case STORED -> {
        store(sending);
        confirm(sending);
      }
      case LOST -> {
        if (broker.flaw() == BrokerFlaw.CONFIRMS_WHAT_IT_LOST) {
          confirm(sending);
        } else {
          fail(sending, Verdict.UNKNOWN, time.upTo(500));
        }
      }
      case CONFIRM_LOST -> {
        store(sending);
        boolean lies = broker.flaw() == BrokerFlaw.REFUSES_WHAT_IT_STORED;
        fail(sending, lies ? Verdict.REFUSED : Verdict.UNKNOWN, time.upTo(500));
      }
      case BUSY -> fail(sending, Verdict.NOT_STORED, time.upTo(3));
      case STORED_TWICE -> {
        store(sending);
        time.after(broker.machine(), time.upTo(200), () -> store(sending));
        confirm(sending);
      }
      case STORED_LATE -> {
        fail(sending, Verdict.UNKNOWN, time.upTo(20));
        time.after(broker.machine(), time.upTo(3_000), () -> store(sending));
      }
    }
  }

  private void store(Sending sending) {
    broker.store(sending.message);
  }

  private void confirm(Sending sending) {
    Outgoing message = sending.message;
    Receipt receipt = new Receipt(message.messageId(), message.topic(), message.lane(), "?");
    time.after(
        machine,
        time.upTo(chaos.latencyMillis()),
        () -> {
          underWay.remove(sending);
          sending.answer.complete(receipt);
        });
  }

  private void fail(Sending sending, Verdict verdict, Duration delay) {
    time.after(machine, delay, () -> failNow(sending, verdict));
  }

  private void failNow(Sending sending, Verdict verdict) {
    underWay.remove(sending);
    sending.answer.completeExceptionally(new TransportException(verdict, "on purpose"));
  }

  /** Cuts the connection: of what is under way a first part is stored, and nobody says which. */
  void cut() {
    List<Sending> cut = List.copyOf(underWay);
    int stored = cut.isEmpty() ? 0 : time.random().nextInt(cut.size() + 1);
    for (int i = 0; i < cut.size(); i++) {
      if (i < stored && !cut.get(i).arrived && !broker.isDown()) {
        store(cut.get(i));
      }
    }
    cut.forEach(sending -> failNow(sending, Verdict.UNKNOWN));
  }

  int underWay() {
    return underWay.size();
  }

  @Override
  public boolean keepsPipelinedOrder() {
    return chaos.onlyCuts();
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    machine.pass(time.upTo(3));
    if (broker.isDown()) {
      throw new TransportException(Verdict.UNKNOWN, "The broker is down");
    }
    SimulatedSubscription member = new SimulatedSubscription(broker, machine, spec, lanes);
    broker.join(member);
    return member;
  }

  @Override
  public BrokerAdmin admin() {
    throw new UnsupportedOperationException("Topics of a simulation are made before it begins");
  }

  @Override
  public void close() {
    machine.checkAlive();
    broker.dropAllOf(machine);
  }
}
