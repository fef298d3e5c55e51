// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One Kafka node, controller and broker in one, as a child process, from its settings to its end.
 * Not thread-safe.
 */
final class LocalKafkaNode {

  /** Two to three seconds on a quiet machine with two cores; three nodes at once take longer. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** Small and quick to start rather than fast. */
  private static final List<String> JVM =
      List.of(
          "-Xms128m",
          "-Xmx128m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:MaxDirectMemorySize=128m",
          "-XX:ReservedCodeCacheSize=64m",
          "-Djava.awt.headless=true",
          "-Dlog4j2.configurationFile=bowline-kafka-log4j2.properties");

  /**
   * A killed broker may register again once its old session is over: 1 s instead of 9 s, of which
   * the time of a restart consists.
   */
  private static final String SETTINGS =
      """
      process.roles=broker,controller
      controller.listener.names=CONTROLLER
      inter.broker.listener.name=PLAINTEXT
      group.initial.rebalance.delay.ms=0
      group.min.session.timeout.ms=1000
      group.consumer.min.session.timeout.ms=1000
      group.consumer.min.heartbeat.interval.ms=200
      num.network.threads=2
      num.io.threads=2
      background.threads=2
      num.recovery.threads.per.data.dir=1
      log.cleaner.dedupe.buffer.size=4194304
      log.cleaner.io.buffer.size=131072
      log.segment.bytes=67108864
      auto.create.topics.enable=false
      num.partitions=1
      broker.session.timeout.ms=1000
      broker.heartbeat.interval.ms=200
      """;

  private final int id;
  private final ServerFolder folder;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final ServerProcess process;

  /** A place where a node listens, and where it says that it does. */
  record Listener(String name, String protocol, int port, int advertised) {
    static Listener plain(String name, int port) {
      return new Listener(name, "PLAINTEXT", port, port);
    }

    private String at(int port) {
      return name + "://127.0.0.1:" + port;
    }
  }

  /**
   * Prepares a node in a folder of its own.
   *
   * @param voters the controllers of all nodes: {@code 1@127.0.0.1:20001,…}
   * @param listeners among them {@code PLAINTEXT}, for brokers, and {@code CONTROLLER}
   * @param more further settings, which win
   */
  LocalKafkaNode(int id, String voters, List<Listener> listeners, Map<String, String> more) {
    this.id = id;
    folder = ServerFolder.create("kafka-" + id);
    settings.put("node.id", Integer.toString(id));
    settings.put("controller.quorum.voters", voters);
    settings.put("log.dirs", folder.path().resolve("data").toString());
    settings.put("listeners", joined(listeners, false));
    settings.put("advertised.listeners", joined(listeners, true));
    settings.put(
        "listener.security.protocol.map",
        listeners.stream()
            .map(each -> each.name + ":" + each.protocol)
            .collect(Collectors.joining(",")));
    settings.putAll(more);
    String file = folder.write("server.properties", SETTINGS + lines()).toString();
    List<String> main = List.of("io.bowline.servers.kafka.SingleNode", file, plain(listeners));
    ServerClasspath classpath = ServerClasspath.of("kafka");
    process =
        folder.process("kafka", classpath.java(folder, JVM, main), Map.of("LC_ALL", "C.UTF-8"));
  }

  private static String joined(List<Listener> listeners, boolean advertised) {
    return listeners.stream()
        .filter(each -> !advertised || !each.name.equals("CONTROLLER"))
        .map(each -> each.at(advertised ? each.advertised : each.port))
        .collect(Collectors.joining(","));
  }

  private static String plain(List<Listener> listeners) {
    return listeners.stream()
        .filter(each -> each.name.equals("PLAINTEXT"))
        .map(each -> "127.0.0.1:" + each.port)
        .findFirst()
        .orElseThrow();
  }

  private String lines() {
    return settings.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /** Replication of Kafka's own topics on so many nodes. */
  static Map<String, String> replicated(int nodes) {
    Map<String, String> settings = new LinkedHashMap<>();
    String most = Integer.toString(nodes);
    String enough = Integer.toString(Math.max(1, nodes - 1));
    settings.put("offsets.topic.replication.factor", most);
    settings.put("offsets.topic.num.partitions", most);
    settings.put("transaction.state.log.replication.factor", most);
    settings.put("transaction.state.log.min.isr", enough);
    settings.put("transaction.state.log.num.partitions", most);
    settings.put("share.coordinator.state.topic.replication.factor", most);
    settings.put("share.coordinator.state.topic.min.isr", enough);
    settings.put("share.coordinator.state.topic.num.partitions", most);
    return settings;
  }

  int id() {
    return id;
  }

  /** Begins to start; {@link #awaitReady} waits for the end of it. */
  void start() {
    process.start();
  }

  void awaitReady() {
    process.awaitReady(() -> process.logged("READY\n"), READY_WITHIN);
  }

  ServerProcess process() {
    return process;
  }

  ServerFolder folder() {
    return folder;
  }

  void close() {
    folder.close();
  }
}
