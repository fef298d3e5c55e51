// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three RabbitMQ nodes of one cluster as child processes on free loopback ports, the newest that
 * this machine can run, which tests kill one by one; all gone after {@link #close}. It needs about
 * 450 MB.
 *
 * <p>Not thread-safe: one test at a time breaks a cluster.
 */
public final class LocalRabbitCluster implements AutoCloseable {
  /** How many nodes there are; their ids are 1 to this. */
  public static final int NODES = 3;

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final List<ServerFolder> folders = new ArrayList<>();
  private final List<LocalRabbitNode> nodes = new ArrayList<>();
  private final List<RabbitHealth> health = new ArrayList<>();
  private final String version;

  private LocalRabbitCluster(LocalRabbitInstallation installation) {
    version = installation.version();
    int epmd = FreePorts.take(1).get(0);
    List<LocalRabbitNode.Peer> peers =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(id -> new LocalRabbitNode.Peer("bowline" + id, epmd))
            .toList();
    LocalRabbitSetup setup = together(peers);
    for (LocalRabbitNode.Peer peer : peers) {
      ServerFolder folder = installation.newFolder();
      folders.add(folder);
      LocalRabbitNode node = new LocalRabbitNode(installation, folder, setup, peer);
      nodes.add(node);
      health.add(new RabbitHealth(node.management(), node.amqpPort()));
    }
  }

  private static LocalRabbitSetup together(List<LocalRabbitNode.Peer> peers) {
    LocalRabbitSetup setup =
        LocalRabbitSetup.plain()
            .setting("cluster_partition_handling = pause_minority")
            .setting("cluster_formation.peer_discovery_backend = classic_config");
    for (int i = 0; i < peers.size(); i++) {
      setup =
          setup.setting(
              "cluster_formation.classic_config.nodes.%d = %s"
                  .formatted(i + 1, peers.get(i).node()));
    }
    return setup;
  }

  /**
   * Starts a cluster that nobody else uses: some 6 s on a quiet machine with two cores.
   *
   * @throws IllegalStateException if there is no RabbitMQ here, or its nodes do not serve clients
   *     as one cluster in 2 min
   */
  public static LocalRabbitCluster startNewest() {
    LocalRabbitInstallation installation =
        LocalRabbitInstallation.newest()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "No RabbitMQ on this machine; run scripts/rabbitmq-4 or"
                            + " scripts/rabbitmq-3"));
    LocalRabbitCluster cluster = new LocalRabbitCluster(installation);
    try {
      cluster.nodes.get(0).startEpmd();
      cluster.nodes.forEach(node -> node.server().start());
      IntStream.rangeClosed(1, NODES).forEach(cluster::awaitReady);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** All three nodes, in Bowline's form, with the management API of the first. */
  public String address() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.amqpPort())
        .collect(
            Collectors.joining(
                ",", "rabbitmq://guest:guest@", "?management=" + nodes.get(0).management()));
  }

  /** Of the servers, such as {@code 4.0.5}. */
  public String version() {
    return version;
  }

  /** A node's name in the cluster. */
  public String name(int id) {
    return "bowline" + id + "@localhost";
  }

  /** Ends a node as a power cut would (SIGKILL), and returns once it is gone. */
  public void kill(int id) {
    node(id).server().kill();
  }

  /** Starts a killed node again on the same data; {@link #awaitReady} waits for it. */
  public void start(int id) {
    node(id).server().start();
  }

  /** Returns once a started node serves clients and sees all three. */
  public void awaitReady(int id) {
    RabbitHealth one = health.get(id - 1);
    node(id).server().awaitReady(() -> one.serves() && one.running() == NODES, READY_WITHIN);
  }

  private LocalRabbitNode node(int id) {
    if (id < 1 || id > NODES) {
      throw new IllegalArgumentException("Nodes are 1 to " + NODES + ", but this was " + id);
    }
    return nodes.get(id - 1);
  }

  /** Ends the nodes and removes their data; the first has the epmd of all, and goes last. */
  @Override
  public void close() {
    for (int i = folders.size() - 1; i >= 0; i--) {
      folders.get(i).close();
    }
  }
}
