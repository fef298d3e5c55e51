// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The shared RabbitMQ with a transport, a plain client and what tests do with them. */
final class RabbitScene implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BrokerServer server = Servers.rabbitmq();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final String topic = "it-" + UUID.randomUUID();
  private final Transport transport = open(Map.of());
  private final Channel plain = plainChannel();

  BrokerServer server() {
    return server;
  }

  String topic() {
    return topic;
  }

  Transport transport() {
    return transport;
  }

  /** A plain client's channel; open another after an error closed it. */
  Channel plain() {
    return plain;
  }

  TransportConfig config() {
    return TransportConfig.of(BrokerAddress.parse(server.address()));
  }

  RabbitManagement management() {
    return new RabbitManagement(config().properties().getOrDefault("management", ""));
  }

  Transport open(Map<String, String> properties) {
    return open(config().properties(properties));
  }

  Transport open(TransportConfig config) {
    Transport another = new RabbitTransportProvider().open(config);
    opened.add(another);
    return another;
  }

  Channel plainChannel() {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      RabbitSettings settings = RabbitSettings.of(config());
      factory.setAutomaticRecoveryEnabled(false);
      Connection connection = factory.newConnection(settings.hosts());
      opened.add(connection::abort);
      return connection.createChannel();
    } catch (Exception e) {
      throw new IllegalStateException("A plain client cannot connect", e);
    }
  }

  /** Makes the topic with one group, "g". */
  void ensure(int lanes) {
    transport.admin().ensure(new TopicSpec(topic, lanes, List.of("g")));
  }

  Subscription subscribe(LaneListener listener) {
    return transport.subscribe(new SubscriptionSpec(topic, "g", 100), listener);
  }

  Outgoing message(int lane, String text) {
    return new Outgoing(
        UUID.randomUUID().toString(), topic, lane, "key", Map.of("h", "v"), text.getBytes(UTF_8));
  }

  Receipt confirmed(Outgoing message) {
    return result(transport.send(message));
  }

  static Receipt result(CompletableFuture<Receipt> send) {
    try {
      return send.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw (TransportException) e.getCause();
    } catch (Exception e) {
      throw new IllegalStateException("No outcome within " + PATIENCE, e);
    }
  }

  /** Sends until one fails; how. */
  static TransportException failureOf(Supplier<CompletableFuture<Receipt>> send) {
    List<TransportException> failures = new ArrayList<>();
    await(
        "a failure",
        () -> {
          try {
            result(send.get());
          } catch (TransportException e) {
            failures.add(e);
          }
          return !failures.isEmpty();
        });
    return failures.get(0);
  }

  /** Whether a send ends CONFIRMED. */
  static boolean isConfirmed(CompletableFuture<Receipt> send) {
    try {
      result(send);
      return true;
    } catch (TransportException e) {
      return false;
    }
  }

  /** Polls until one delivery came. */
  static Delivery next(Subscription subscription) {
    List<Delivery> got = new ArrayList<>();
    await(
        "a delivery",
        () -> got.addAll(subscription.poll(1, Duration.ofMillis(200))) && !got.isEmpty());
    return got.get(0);
  }

  /** Waits for a condition that is asked for again and again. */
  static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("Waited " + PATIENCE + " for " + what);
      }
      Thread.onSpinWait();
    }
  }

  static String text(Delivery delivery) {
    return new String(delivery.body(), UTF_8);
  }

  /** Writes down what it hears. */
  static final class Diary implements LaneListener {
    final List<String> entries = new ArrayList<>();
    private final Map<String, Set<Integer>> lanes = new HashMap<>();

    @Override
    public void assigned(Set<Integer> more) {
      write("assigned", more);
    }

    @Override
    public void revoking(Set<Integer> fewer) {
      write("revoking", fewer);
    }

    @Override
    public void lost(Set<Integer> fewer) {
      write("lost", fewer);
    }

    /** All lanes of which it heard this. */
    Set<Integer> lanes(String what) {
      return lanes.getOrDefault(what, Set.of());
    }

    private void write(String what, Set<Integer> some) {
      entries.add(what + " " + some);
      lanes.computeIfAbsent(what, none -> new TreeSet<>()).addAll(some);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        fail(e);
      }
    }
  }
}
