// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.servers.LocalKafkaNode.Listener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Three Kafka nodes, each controller and broker in one, as child processes on free loopback ports,
 * which tests kill and pause one by one; all gone after {@link #close}. It needs about 650 MB. A
 * node that is gone is noticed after some 2 s. Two nodes must run for anything to be created, or a
 * new leader to be found.
 *
 * <p>Not thread-safe: one test at a time breaks a cluster.
 */
public final class LocalKafkaCluster implements AutoCloseable {
  /** How many nodes there are; their ids are 1 to this. */
  public static final int NODES = 3;

  private final List<LocalKafkaNode> nodes = new ArrayList<>();
  private final List<Integer> ports;

  private LocalKafkaCluster(Map<String, String> further) {
    ports = FreePorts.take(NODES);
    List<Integer> controllers = FreePorts.take(NODES);
    List<String> voters = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      voters.add((i + 1) + "@127.0.0.1:" + controllers.get(i));
    }
    Map<String, String> settings = new LinkedHashMap<>(LocalKafkaNode.replicated(NODES));
    settings.put("broker.session.timeout.ms", "2000");
    // A follower that hangs leaves the in-sync replicas as soon as one that is gone.
    settings.put("replica.lag.time.max.ms", "3000");
    settings.putAll(further);
    for (int i = 0; i < NODES; i++) {
      List<Listener> listeners =
          List.of(
              Listener.plain("PLAINTEXT", ports.get(i)),
              Listener.plain("CONTROLLER", controllers.get(i)));
      Map<String, String> own = new LinkedHashMap<>(settings);
      own.put("broker.rack", i < NODES - 1 ? "left" : "right");
      nodes.add(new LocalKafkaNode(i + 1, String.join(",", voters), listeners, own));
    }
  }

  /**
   * Starts a cluster that nobody else uses: some 7 s on a quiet machine with two cores. The last
   * node is in a rack of its own.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 2 min
   */
  public static LocalKafkaCluster startNew() {
    return startNew(Map.of());
  }

  /**
   * The same with further settings of each node.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 2 min
   */
  public static LocalKafkaCluster startNew(Map<String, String> settings) {
    LocalKafkaCluster cluster = new LocalKafkaCluster(settings);
    try {
      cluster.nodes.forEach(LocalKafkaNode::start);
      cluster.nodes.forEach(LocalKafkaNode::awaitReady);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** All three nodes, in Bowline's form. */
  public String address() {
    return ports.stream()
        .map(port -> "127.0.0.1:" + port)
        .collect(Collectors.joining(",", "kafka://", ""));
  }

  /** Ends a node as a power cut would (SIGKILL), and returns once it is gone. */
  public void kill(int id) {
    node(id).process().kill();
  }

  /** Starts a killed node again on the same data; {@link #awaitReady} waits for it. */
  public void start(int id) {
    node(id).start();
  }

  /** Returns once a started node serves clients; this needs two nodes that run. */
  public void awaitReady(int id) {
    node(id).awaitReady();
  }

  /** Freezes a node (SIGSTOP). */
  public void pause(int id) {
    node(id).process().pause();
  }

  /** Thaws a paused node (SIGCONT). */
  public void resume(int id) {
    node(id).process().resume();
  }

  /** Whether the node's process is there. */
  public boolean runs(int id) {
    return node(id).process().alive();
  }

  private LocalKafkaNode node(int id) {
    if (id < 1 || id > NODES) {
      throw new IllegalArgumentException("Nodes are 1 to " + NODES + ", but this was " + id);
    }
    return nodes.get(id - 1);
  }

  /** Ends the nodes and removes their data. */
  @Override
  public void close() {
    nodes.forEach(LocalKafkaNode::close);
  }
}
