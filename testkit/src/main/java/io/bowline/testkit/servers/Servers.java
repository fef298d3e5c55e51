// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

/**
 * A real broker of each kind, shared by all who ask in this JVM and ended with it.
 *
 * <p>The first of these ways that is open is taken, and told in one line on standard output: an
 * address in the system property {@code bowline.kafka.address} or the environment variable {@code
 * BOWLINE_KAFKA_ADDRESS} (likewise for {@code rabbitmq} and {@code rocketmq}); a container, if a
 * Docker engine answers; a child process. Who wants a broker for himself starts a {@link
 * LocalKafka}, a {@link LocalRabbit} or a {@link LocalRocket}. Nobody closes a shared one.
 *
 * <p>Thread-safe.
 */
public final class Servers {

  private static final SharedServer KAFKA =
      new SharedServer("kafka", Containers::kafka, LocalKafka::startNew);
  private static final SharedServer RABBITMQ =
      new SharedServer("rabbitmq", Containers::rabbitmq, LocalRabbit::startNewest);
  private static final SharedServer ROCKETMQ =
      new SharedServer("rocketmq", Containers::rocketmq, LocalRocket::startNew);

  private Servers() {}

  /**
   * The shared Kafka.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer kafka() {
    return KAFKA.get();
  }

  /**
   * The shared RabbitMQ.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer rabbitmq() {
    return RABBITMQ.get();
  }

  /**
   * The shared RocketMQ.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer rocketmq() {
    return ROCKETMQ.get();
  }
}
