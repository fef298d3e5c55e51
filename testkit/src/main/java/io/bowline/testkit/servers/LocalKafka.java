// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.LocalKafkaNode.Listener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Kafka node, controller and broker in one, as a child process on free loopback ports, with a
 * data folder of its own, all gone after {@link #close}. It needs about 200 MB. Topics must be
 * created, and groups may have sessions of 1 s.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public final class LocalKafka implements BrokerServer {
  private final LocalKafkaNode node;
  private final int port;
  private final FaultProxy proxy;
  private final Map<LocalKafkaDoor, Integer> doors = new EnumMap<>(LocalKafkaDoor.class);

  private LocalKafka(boolean secured) {
    List<Integer> ports = FreePorts.take(4);
    port = ports.get(0);
    int controller = ports.get(1);
    int behindProxy = ports.get(2);
    int proxied = ports.get(3);
    List<Listener> listeners = new ArrayList<>();
    listeners.add(Listener.plain("PLAINTEXT", port));
    listeners.add(Listener.plain("CONTROLLER", controller));
    // Kafka answers a client with the address that this listener advertises: the proxy's.
    listeners.add(new Listener("PROXIED", "PLAINTEXT", behindProxy, proxied));
    Map<String, String> settings = new LinkedHashMap<>(LocalKafkaNode.replicated(1));
    if (secured) {
      for (LocalKafkaDoor door : LocalKafkaDoor.values()) {
        int at = FreePorts.take(1).get(0);
        doors.put(door, at);
        listeners.add(new Listener(door.listener(), door.protocol(), at, at));
        settings.putAll(door.settings());
      }
      settings.putAll(LocalKafkaDoor.RIGHTS);
    }
    node = new LocalKafkaNode(1, "1@127.0.0.1:" + controller, listeners, settings);
    proxy = FaultProxy.on(proxied, "127.0.0.1", behindProxy);
  }

  /**
   * Starts a node that nobody else uses.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 2 min
   */
  public static LocalKafka startNew() {
    return started(new LocalKafka(false));
  }

  /**
   * Starts a node that nobody else uses, with each {@link LocalKafkaDoor} and with rights: whoever
   * comes by {@link #address()} may do all, everybody else what an ACL grants him.
   *
   * @throws IllegalStateException as {@link #startNew()}
   */
  public static LocalKafka startSecured() {
    return started(new LocalKafka(true));
  }

  private static LocalKafka started(LocalKafka kafka) {
    try {
      kafka.start();
      return kafka;
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  @Override
  public String address() {
    return "kafka://127.0.0.1:" + port;
  }

  /**
   * Where a door of a secured node is: {@code localhost:20000}.
   *
   * @throws IllegalStateException if the node is not secured
   */
  public String hostOf(LocalKafkaDoor door) {
    Integer at = doors.get(door);
    if (at == null) {
      throw new IllegalStateException("This node has no doors: use startSecured()");
    }
    return "localhost:" + at;
  }

  @Override
  public String origin() {
    return "local process, Kafka " + ServerClasspath.of("kafka").version("kafka_2.13");
  }

  @Override
  public boolean breakable() {
    return true;
  }

  @Override
  public void kill() {
    node.process().kill();
  }

  @Override
  public void start() {
    node.start();
    node.awaitReady();
  }

  @Override
  public void pause() {
    node.process().pause();
  }

  @Override
  public void resume() {
    node.process().resume();
  }

  @Override
  public Optional<Proxied> proxied() {
    return Optional.of(new Proxied("kafka://127.0.0.1:" + proxy.port(), proxy));
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }

  ServerProcess process() {
    return node.process();
  }

  ServerFolder folder() {
    return node.folder();
  }
}
