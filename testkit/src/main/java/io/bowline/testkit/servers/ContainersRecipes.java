// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/**
 * How to run the published images of the brokers. The ports on the host are chosen beforehand, so
 * that a broker can advertise them, and keeps them over a restart.
 */
final class ContainersRecipes {

  private static final int AMQP = 5672;
  private static final int MANAGEMENT = 15672;
  private static final int CONTROLLER = 9093;

  private static final String NAMESRV = "listenPort=%d\n";

  private static final String BROKER =
      """
      brokerClusterName=DefaultCluster
      brokerName=broker-a
      brokerId=0
      brokerRole=ASYNC_MASTER
      flushDiskType=SYNC_FLUSH
      namesrvAddr=127.0.0.1:%1$d
      brokerIP1=%3$s
      listenPort=%2$d
      mappedFileSizeCommitLog=67108864
      diskMaxUsedSpaceRatio=95
      autoCreateTopicEnable=false
      autoCreateSubscriptionGroup=false
      channelExpiredTimeout=20000
      """;

  private static final String PROXY =
      """
      {
        "rocketMQClusterName": "DefaultCluster",
        "proxyMode": "LOCAL",
        "namesrvAddr": "127.0.0.1:%d",
        "localServeAddr": "%s",
        "grpcServerPort": %d,
        "grpcShutdownTimeSeconds": 2,
        "grpcClientConsumerMinLongPollingTimeoutMillis": 500,
        "grpcClientConsumerMaxLongPollingTimeoutMillis": 2000,
        "minInvisibleTimeMillsForRecv": 1000,
        "topicRouteServiceCacheRefreshSeconds": 1,
        "topicConfigCacheRefreshSeconds": 1,
        "subscriptionGroupConfigCacheRefreshSeconds": 1
      }
      """;

  /**
   * A broker's first registration gets lost and the next comes 10 s later; to change its settings
   * makes it register at once. A running broker overwrites its file, so it gets a copy.
   */
  private static final String ROCKETMQ_SCRIPT =
      """
      cd "$ROCKETMQ_HOME/bin"
      rm -f /tmp/broker.log
      cp /tmp/bowline-broker.conf /tmp/broker.conf
      sh mqnamesrv -c /tmp/bowline-namesrv.conf &
      (
        until grep -q 'startup successfully' /tmp/broker.log; do sleep 0.2; done 2>/dev/null
        while
          sh mqadmin updateBrokerConfig -b 127.0.0.1:%2$d -k brokerPermission -v 6
          ! sh mqadmin clusterList -n 127.0.0.1:%1$d 2>&1 | grep broker-a
        do :; done
        echo BOWLINE READY
      ) &
      sh mqbroker --enable-proxy -c /tmp/broker.conf -pc /tmp/bowline-proxy.json 2>&1 |
        tee /tmp/broker.log
      """;

  private ContainersRecipes() {}

  static ContainersServer rabbitmq(String image, String host) {
    List<Integer> ports = FreePorts.take(2);
    GenericContainer<?> container = ContainersPorts.container(image);
    ContainersPorts.publish(container, host, Map.of(ports.get(0), AMQP, ports.get(1), MANAGEMENT));
    String address =
        "rabbitmq://guest:guest@%1$s:%2$d?management=http://%1$s:%3$d"
            .formatted(host, ports.get(0), ports.get(1));
    return new ContainersServer(container, image, address, "Server startup complete");
  }

  static ContainersServer kafka(String image, String host) {
    int port = FreePorts.take(1).get(0);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withEnv("KAFKA_NODE_ID", "1")
            .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
            .withEnv("KAFKA_LISTENERS", "PLAINTEXT://:%d,CONTROLLER://:9093".formatted(port))
            .withEnv("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://%s:%d".formatted(host, port))
            .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
            .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "PLAINTEXT")
            .withEnv(
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT")
            .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:" + CONTROLLER)
            .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "1")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
            .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
            .withEnv("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "1000")
            .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "200")
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_BROKER_SESSION_TIMEOUT_MS", "1000")
            .withEnv("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "200")
            .withEnv("KAFKA_LOG_DIRS", "/tmp/bowline-kafka-data")
            .withEnv("KAFKA_HEAP_OPTS", "-Xms256m -Xmx256m");
    ContainersPorts.publish(container, host, Map.of(port, port));
    return new ContainersServer(
        container, image, "kafka://%s:%d".formatted(host, port), "Kafka Server started");
  }

  static ContainersServer rocketmq(String image, String host) {
    List<Integer> ports = FreePorts.take(2);
    int namesrv = ports.get(0);
    int grpc = ports.get(1);
    int broker = FreePorts.takeWithLower(2);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withEnv("JAVA_OPT_EXT", "-Xms384m -Xmx384m -Xmn128m -Dtls.server.mode=disabled")
            .withCopyToContainer(
                Transferable.of(NAMESRV.formatted(namesrv)), "/tmp/bowline-namesrv.conf")
            .withCopyToContainer(
                Transferable.of(BROKER.formatted(namesrv, broker, host)),
                "/tmp/bowline-broker.conf")
            .withCopyToContainer(
                Transferable.of(PROXY.formatted(namesrv, host, grpc)), "/tmp/bowline-proxy.json")
            .withCreateContainerCmdModifier(
                command ->
                    command
                        .withEntrypoint("sh", "-c", ROCKETMQ_SCRIPT.formatted(namesrv, broker))
                        .withCmd(List.of()));
    ContainersPorts.publish(
        container,
        host,
        Map.of(namesrv, namesrv, grpc, grpc, broker, broker, broker - 2, broker - 2));
    String address = "rocketmq://%1$s:%2$d?namesrv=%1$s:%3$d".formatted(host, grpc, namesrv);
    return new ContainersServer(container, image, address, "BOWLINE READY");
  }
}
