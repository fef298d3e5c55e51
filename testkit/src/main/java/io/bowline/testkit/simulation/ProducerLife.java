// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.message.Message;
import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.producer.SendReport;
import io.bowline.retry.Retry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service that sends its messages, one process after another if they crash. */
final class ProducerLife {
  private static final int KEYS = 4;

  private final String name;
  private final World world;
  private final int window;
  private final Duration deadline;
  private int left;
  private int incarnation;
  private int sentByThis;
  private Map<String, Integer> numbers = new HashMap<>();
  private @Nullable SimulatedMachine machine;
  private @Nullable SimulatedTransport transport;
  private @Nullable ReliableProducer producer;
  private boolean closed;

  ProducerLife(String name, World world, int messages) {
    this.name = name;
    this.world = world;
    this.left = messages;
    this.window = 4 + world.time.random().nextInt(60);
    this.deadline = world.time.upTo(10_000);
  }

  void start() {
    SimulatedMachine fresh = world.machine(name + "#" + ++incarnation);
    SimulatedTransport client = new SimulatedTransport(world.broker, fresh, world.chaos);
    numbers = new HashMap<>();
    sentByThis = 0;
    ReliableProducer opened =
        world
            .plan
            .producers()
            .apply(
                builder(client, fresh)
                    .window(window, 1 << 20)
                    .maxBlock(Duration.ZERO)
                    .deadline(Duration.ofSeconds(2).plus(deadline))
                    .order(world.chaos.onlyCuts() ? Order.PIPELINED : Order.STRICT)
                    .retry(Retry.forever().backoff(Duration.ofMillis(10), Duration.ofSeconds(1)))
                    .open());
    machine = fresh;
    transport = client;
    producer = opened;
    fresh.start(() -> work(fresh, client, opened), name);
  }

  private ProducerBuilder builder(SimulatedTransport client, SimulatedMachine fresh) {
    ProducerBuilder builder = new ProducerBuilder(world.connected(client, fresh), name);
    return world.time.chance(0.5)
        ? builder.watermarks(world.time.upTo(500).plusMillis(10))
        : builder;
  }

  private void work(SimulatedMachine on, SimulatedTransport client, ReliableProducer through) {
    on.pass(world.time.upTo(20));
    while (left > 0) {
      left--;
      send(on.name, through);
      int most = window + World.LANES; // with a watermark for each lane
      world.broker.bounded(on.name + " has sends under way", client.underWay(), most);
      if (world.time.chance(0.7)) {
        on.pass(world.time.upTo(world.time.chance(0.1) ? 2_000 : 20));
      }
    }
  }

  private void send(String from, ReliableProducer through) {
    String key = world.time.chance(0.1) ? null : "k" + world.time.random().nextInt(KEYS);
    int number = key == null ? 0 : numbers.merge(key, 1, Integer::sum);
    String id = from + "-" + ++sentByThis;
    world.ledger.sent(id, new Ledger.Sent(from, key, number));
    Message message = Message.to(SimulatedBroker.TOPIC).id(id).text("work");
    var unused =
        through
            .send(key == null ? message : message.key(key))
            .whenComplete((receipt, failure) -> world.ledger.ended(id, outcome(failure)));
  }

  private static Outcome outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return Outcome.CONFIRMED;
    }
    return failure instanceof SendException known ? known.outcome() : Outcome.UNKNOWN;
  }

  boolean isDone() {
    return left == 0;
  }

  /** Ends in the middle of anything; another process goes on with what is left. */
  void crash() {
    SimulatedMachine now = machine;
    if (now != null && now.alive && left > 0) {
      world.ledger.note(now.name, "crashes");
      world.ledger.producerCrashed(now.name);
      world.time.crash(now);
      world.later(world.time.upTo(1_000), this::start);
    }
  }

  void cut() {
    SimulatedMachine now = machine;
    SimulatedTransport client = transport;
    if (now != null && client != null && now.alive) {
      world.ledger.note(now.name, "is cut off");
      client.cut();
    }
  }

  void close() {
    SimulatedMachine now = machine;
    ReliableProducer through = producer;
    if (now != null && through != null) {
      now.start(() -> close(now, through), name);
    }
  }

  private void close(SimulatedMachine now, ReliableProducer through) {
    SendReport report = through.close(Duration.ofSeconds(1));
    long told = report.confirmed() + report.rejected() + report.unknown();
    if (told != sentByThis) {
      world.ledger.wrong(now.name + " sent " + sentByThis + " and tells of " + told);
    }
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
