// SPDX-License-Identifier: Apache-2.0
package io.bowline.servers.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Formats the data folder where that is still to do, runs the node, and prints {@code READY} once a
 * client gets an answer, this node is in it, and each partition has a leader.
 */
public final class SingleNode {

  private static final String CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
  private static final Duration SERVING_WITHIN = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private SingleNode() {}

  /**
   * Takes the path of a server.properties with one data folder, and an address of this node in the
   * clear.
   */
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(reader);
    }
    format(properties);
    KafkaRaftServer node = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    try {
      node.startup();
      awaitServing(args[1], Integer.parseInt(properties.getProperty("node.id")));
    } catch (Exception | Error e) {
      // Threads of a half-started node would keep the process alive.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    System.out.println("READY");
    node.awaitShutdown();
  }

  private static void format(Properties properties) throws Exception {
    String folder = properties.getProperty("log.dirs");
    if (Files.exists(Path.of(folder, "meta.properties"))) {
      return;
    }
    new Formatter()
        .setClusterId(CLUSTER_ID)
        .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
        .addDirectory(folder)
        .setMetadataLogDirectory(folder)
        .setControllerListenerName(properties.getProperty("controller.listener.names"))
        .setPrintStream(System.out)
        .run();
  }

  private static void awaitServing(String address, int id)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SERVING_WITHIN.toNanos();
    Map<String, Object> client = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address);
    try (Admin admin = Admin.create(client)) {
      while (!serves(admin, id)) {
        if (System.nanoTime() - end > 0) {
          throw new IOException("Some partition has no leader " + SERVING_WITHIN + " after start");
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static boolean serves(Admin admin, int id) throws InterruptedException {
    try {
      Collection<Node> nodes = admin.describeCluster().nodes().get();
      if (nodes.stream().noneMatch(node -> node.id() == id)) {
        return false;
      }
      Set<String> topics =
          admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
      Collection<TopicDescription> descriptions =
          admin.describeTopics(List.copyOf(topics)).allTopicNames().get().values();
      return descriptions.stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException notYet) {
      System.out.println("Not serving yet: " + notYet.getCause());
      return false;
    }
  }
}
