// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A member of the group, one process after another if they crash or are restarted. */
final class ConsumerLife {
  private final String name;
  private final World world;
  private final int concurrency;
  private final int most;
  private int incarnation;
  private @Nullable SimulatedMachine machine;
  private @Nullable SimulatedTransport transport;
  private @Nullable ReliableConsumer consumer;
  private boolean closed;

  ConsumerLife(String name, World world) {
    this.name = name;
    this.world = world;
    this.concurrency = 1 + world.time.random().nextInt(5);
    this.most = 2 + world.time.random().nextInt(30);
  }

  void start() {
    SimulatedMachine fresh = world.machine(name + "#" + ++incarnation);
    SimulatedTransport client = new SimulatedTransport(world.broker, fresh, world.chaos);
    machine = fresh;
    transport = client;
    consumer = null;
    fresh.start(() -> join(fresh, client), name);
  }

  private void join(SimulatedMachine on, SimulatedTransport client) {
    Handling handling = new Handling(on);
    while (consumer == null) {
      try {
        consumer = builder(on, client).start(handling::handle);
      } catch (TransportException unreachable) {
        on.pass(world.time.upTo(500));
      }
    }
  }

  private ConsumerBuilder builder(SimulatedMachine on, SimulatedTransport client) {
    ConsumerBuilder builder =
        new ConsumerBuilder(
                world.connected(world.plan.members().apply(client), on),
                SimulatedBroker.TOPIC,
                "group")
            .concurrency(concurrency)
            .maxInMemory(most, 1 << 20)
            .leaveWithin(Duration.ofMillis(500))
            .retry(Retry.attempts(4).backoff(Duration.ofMillis(10), Duration.ofMillis(500)))
            .deadLetters(SimulatedBroker.DEAD)
            .onGap(gap -> world.ledger.wrong(on.name + " is told of a gap: " + gap));
    return world.gaps == null ? builder : builder.gapStore(world.gaps);
  }

  /** The work of one process: slow at times, failing at times, before or after its effect. */
  private final class Handling {
    private final SimulatedMachine on;
    private final Set<String> keys = new HashSet<>();
    private int running;

    Handling(SimulatedMachine on) {
      this.on = on;
    }

    void handle(Received message) {
      on.checkAlive();
      String key = message.key().orElse(null);
      running++;
      world.broker.bounded(on.name + " runs handlers", running, concurrency);
      if (key != null && !keys.add(key)) {
        world.ledger.wrong(on.name + " runs two handlers of key " + key);
      }
      try {
        work(message);
      } finally {
        running--;
        keys.remove(key);
      }
    }

    private void work(Received message) {
      VirtualTime time = world.time;
      world.ledger.note(on.name, "begins " + message.id() + ", attempt " + message.attempt());
      if (time.chance(0.6)) {
        on.pass(time.upTo(time.chance(0.05) ? 2_000 : 30));
      }
      if (!world.chaos.isCalm() && time.chance(0.1)) {
        throw new IllegalStateException("failed before its effect, on purpose");
      }
      if (message.id().hashCode() % 23 == 0) {
        throw new Unprocessable("never succeeds, on purpose");
      }
      world.ledger.effect(message.id(), on.name);
      if (time.chance(0.2)) {
        on.pass(time.upTo(20));
      }
      if (!world.chaos.isCalm() && time.chance(0.05)) {
        throw new IllegalStateException("failed after its effect, on purpose");
      }
    }
  }

  /** Ends in the middle of anything; the broker notices only after a while. */
  void crash() {
    SimulatedMachine now = machine;
    if (now != null && now.alive) {
      world.ledger.note(now.name, "crashes");
      world.time.crash(now);
      world.later(world.time.upTo(3_000), () -> world.broker.dropAllOf(now));
      world.later(world.time.upTo(2_000), this::start);
    }
  }

  void cut() {
    SimulatedTransport client = transport;
    if (client != null) {
      client.cut();
    }
  }

  /** Leaves in order, and another process comes. */
  void restart() {
    leave(() -> world.later(world.time.upTo(500), this::start));
  }

  void close() {
    if (consumer == null) {
      closed = true;
    }
    leave(() -> closed = true);
  }

  private void leave(Runnable then) {
    SimulatedMachine now = machine;
    ReliableConsumer member = consumer;
    if (now != null && member != null && now.alive) {
      consumer = null;
      Duration longest = world.time.upTo(1_000);
      now.start(
          () -> {
            world.ledger.note(now.name, "closes: " + member.close(longest));
            then.run();
          },
          name);
    }
  }

  boolean isClosed() {
    return closed;
  }
}
