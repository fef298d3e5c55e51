// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Connected;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Producers, a group and a broker, what disturbs them, and how it ends: first all messages are sent
 * amid trouble, then it is calm, and all that was confirmed must be processed.
 */
final class World {
  static final int LANES = 3;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Long enough for what a broker may still store late. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final TransportConfig CONFIG =
      TransportConfig.of(BrokerAddress.parse("memory://simulation"))
          .confirmTimeout(Duration.ofSeconds(2));

  final VirtualTime time;
  final Ledger ledger;
  final Chaos chaos;
  final SimulatedBroker broker;
  final Simulation plan;

  /** Where the group keeps what it completed; in every other world nowhere. */
  final @Nullable GapStore gaps;

  private final SimulatedMachine ground;
  private final List<SimulatedMachine> machines = new ArrayList<>();
  private final List<ProducerLife> producers = new ArrayList<>();
  private final List<ConsumerLife> consumers = new ArrayList<>();

  World(Simulation plan) {
    this.plan = plan;
    time = new VirtualTime(plan.seed());
    ledger = new Ledger(time);
    chaos = new Chaos(time);
    ground = machine("the world");
    broker = new SimulatedBroker(time, ground, ledger, plan.flaw());
    broker.create(SimulatedBroker.TOPIC, LANES);
    broker.create(SimulatedBroker.DEAD, 1);
    gaps = time.chance(0.5) ? new InMemoryGapStore() : null;
    int messages = 20 + time.random().nextInt(40);
    for (int i = 0; i <= time.random().nextInt(2); i++) {
      producers.add(new ProducerLife("p" + i, this, messages));
    }
    for (int i = 0; i <= time.random().nextInt(3); i++) {
      consumers.add(new ConsumerLife("c" + i, this));
    }
  }

  SimulatedMachine machine(String name) {
    SimulatedMachine made =
        new SimulatedMachine(
            name, time, failure -> ledger.wrong(name + ": a thread ended by " + failure));
    machines.add(made);
    return made;
  }

  Connected connected(Transport seen, SimulatedMachine machine) {
    return new Connected(seen, CONFIG, opened -> {}).machine(machine);
  }

  /** Does something in the world, whatever becomes of its machines. */
  void later(Duration delay, Runnable what) {
    time.after(ground, delay, what);
  }

  SimulationResult play() {
    producers.forEach(one -> later(time.upTo(100), one::start));
    consumers.forEach(one -> later(time.upTo(100), one::start));
    later(time.upTo(500), this::disturb);
    must(this::isSent, "the producers send all they have");
    chaos.calmDown();
    ledger.note("the world", "is calm");
    must(this::isDrained, "all is processed");
    boolean unused = time.run(() -> false, LATE);
    must(this::isDrained, "all that came late is processed");
    producers.forEach(ProducerLife::close);
    consumers.forEach(ConsumerLife::close);
    must(this::isClosed, "all are closed");
    ledger.audit();
    machines.forEach(time::crash); // so that no thread is left behind
    return ledger.result(plan.seed());
  }

  private void must(BooleanSupplier holds, String what) {
    if (!time.run(holds, LONGEST)) {
      ledger.wrong("it does not come about that " + what + ", " + broker.unaccepted() + " left");
    }
  }

  private boolean isSent() {
    return producers.stream().allMatch(ProducerLife::isDone);
  }

  private boolean isDrained() {
    return broker.unaccepted() == 0 && ledger.allEnded();
  }

  private boolean isClosed() {
    return producers.stream().allMatch(ProducerLife::isClosed)
        && consumers.stream().allMatch(ConsumerLife::isClosed);
  }

  private void disturb() {
    if (chaos.isCalm()) {
      return;
    }
    ProducerLife producer = producers.get(time.random().nextInt(producers.size()));
    ConsumerLife consumer = consumers.get(time.random().nextInt(consumers.size()));
    switch (time.random().nextInt(8)) {
      case 0 -> producer.crash();
      case 1, 2 -> consumer.crash();
      case 3 -> consumer.restart();
      case 4 -> broker.dropOne();
      case 5 -> broker.breakOne();
      case 6 -> {
        producer.cut();
        consumer.cut();
      }
      default -> {
        producers.forEach(ProducerLife::cut);
        consumers.forEach(ConsumerLife::cut);
        broker.restart(time.upTo(1_500));
      }
    }
    later(time.upTo(800), this::disturb);
  }
}
