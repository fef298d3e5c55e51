// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Kafka node, controller and broker in one, as a child process on free loopback ports, with a
 * data folder of its own, all gone after {@link #close}. It needs about 200 MB. Topics must be
 * created, and groups may have sessions of 1 s.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public final class LocalKafka implements BrokerServer {

  /** Two to three seconds on a quiet machine with two cores. */
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
      node.id=1
      controller.quorum.voters=1@127.0.0.1:%2$d
      listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
      advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
      listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
      controller.listener.names=CONTROLLER
      inter.broker.listener.name=PLAINTEXT
      log.dirs=%3$s
      offsets.topic.replication.factor=1
      offsets.topic.num.partitions=1
      transaction.state.log.replication.factor=1
      transaction.state.log.min.isr=1
      transaction.state.log.num.partitions=1
      share.coordinator.state.topic.replication.factor=1
      share.coordinator.state.topic.min.isr=1
      share.coordinator.state.topic.num.partitions=1
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

  private final String version;
  private final int port;
  private final ServerFolder folder;
  private final ServerProcess server;

  private LocalKafka(ServerClasspath classpath, ServerFolder folder) {
    this.folder = folder;
    version = classpath.version("kafka_2.13");
    List<Integer> ports = FreePorts.take(2);
    port = ports.get(0);
    String settings = SETTINGS.formatted(port, ports.get(1), folder.path().resolve("data"));
    String file = folder.write("server.properties", settings).toString();
    List<String> main = List.of("io.bowline.servers.kafka.SingleNode", file);
    server =
        folder.process("kafka", classpath.java(folder, JVM, main), Map.of("LC_ALL", "C.UTF-8"));
  }

  /**
   * Starts a node that nobody else uses.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 2 min
   */
  public static LocalKafka startNew() {
    ServerClasspath classpath = ServerClasspath.of("kafka");
    ServerFolder folder = ServerFolder.create("kafka");
    try {
      LocalKafka kafka = new LocalKafka(classpath, folder);
      kafka.start();
      return kafka;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  @Override
  public String address() {
    return "kafka://127.0.0.1:" + port;
  }

  @Override
  public String origin() {
    return "local process, Kafka " + version;
  }

  @Override
  public boolean breakable() {
    return true;
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void start() {
    server.start();
    server.awaitReady(() -> server.logged("READY\n"), READY_WITHIN);
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public void close() {
    folder.close();
  }

  ServerProcess process() {
    return server;
  }

  ServerFolder folder() {
    return folder;
  }
}
