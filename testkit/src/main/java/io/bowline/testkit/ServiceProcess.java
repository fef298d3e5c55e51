// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.GapStore;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Connected;
import io.bowline.transport.Transport;
import io.bowline.transport.Transports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a service in a process of its own: Bowline's consumer, whose handler writes its
 * effects to a journal. It ends in order when it is told {@link #LEAVE}, and at once when its
 * standard input ends.
 */
final class ServiceProcess {
  static final int LEAVE = 'l';
  private static final long MOST_BYTES = 64L << 20;

  private final ServiceOrders orders;
  private final EffectWriter effects;

  private ServiceProcess(ServiceOrders orders, EffectWriter effects) {
    this.orders = orders;
    this.effects = effects;
  }

  /** Runs until told to leave, killed, or alone. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    // A client's log must not mix with what the parent reads.
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    ServiceOrders orders = ServiceOrders.read(in);
    try (EffectWriter effects = new EffectWriter(orders.journal(), orders.name());
        Transport transport = Transports.open(orders.config())) {
      List<ReliableConsumer> consumers = new ServiceProcess(orders, effects).start(transport);
      out.println(ChildJvm.JOINED);
      if (in.read() == LEAVE) {
        consumers.forEach(consumer -> out.println(consumer.close(ReliableConsumer.DEFAULT_DRAIN)));
      }
      // Some clients take long to end, and nobody waits for them.
      Runtime.getRuntime().halt(0);
    }
  }

  private List<ReliableConsumer> start(Transport transport) {
    Connected broker = new Connected(transport, orders.config(), opened -> {});
    List<ReliableConsumer> consumers = new ArrayList<>();
    Optional<GapStore> store =
        orders.gaps() == 0 ? Optional.empty() : Optional.of(new DistantGapStore(orders.gaps()));
    for (Place place : orders.places()) {
      ConsumerBuilder consumer =
          new ConsumerBuilder(broker, place.topic(), place.group())
              .concurrency(orders.pace().concurrency())
              .maxInMemory(orders.pace().maxInMemory(), MOST_BYTES)
              .maxSpan(orders.pace().maxSpan())
              .retry(Retry.forever())
              .onGap(effects::misses);
      store.ifPresent(consumer::gapStore);
      consumers.add(consumer.start(this::handle));
    }
    return consumers;
  }

  private void handle(Received message) {
    effects.began(message);
    // Some take twice as long as others, so that later ones of other keys end before earlier ones.
    long nanos = orders.pace().work().toNanos();
    LockSupport.parkNanos(message.id().hashCode() % 2 == 0 ? nanos : 2 * nanos);
    effects.did(message);
  }
}
