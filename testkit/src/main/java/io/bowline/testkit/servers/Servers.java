// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

/**
 * A real broker and database of each kind, shared by all who ask in this JVM and ended with it.
 *
 * <p>The first of these ways that is open is taken, and told in one line on standard output: an
 * address in the system property {@code bowline.kafka.address} or the environment variable {@code
 * BOWLINE_KAFKA_ADDRESS} (likewise for {@code rabbitmq}, {@code rocketmq}, {@code postgres}, {@code
 * mariadb}, {@code redis} and {@code zookeeper}); a container, if a Docker engine answers; a child
 * process. Who wants one for himself starts a {@link LocalKafka}, a {@link LocalRabbit}, a {@link
 * LocalRocket}, a {@link LocalPostgres}, a {@link LocalMariaDb}, a {@link LocalRedis} or a {@link
 * LocalZooKeeper}. Nobody closes a shared one.
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
  private static final SharedServer POSTGRES =
      new SharedServer(
          "postgres", "jdbc:postgresql://", Containers::postgres, LocalPostgres::startNew);
  private static final SharedServer MARIADB =
      new SharedServer("mariadb", "jdbc:mariadb://", Containers::mariaDb, LocalMariaDb::startNew);
  private static final SharedServer REDIS =
      new SharedServer("redis", Containers::redis, LocalRedis::startNew);
  private static final SharedServer ZOOKEEPER =
      new SharedServer("zookeeper", Containers::zooKeeper, LocalZooKeeper::startNew);

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

  /**
   * The shared PostgreSQL; its address is a JDBC one with user and password. Who uses it names what
   * is his, or makes a schema of his own.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer postgres() {
    return POSTGRES.get();
  }

  /**
   * The shared MariaDB; its address is a JDBC one with user and password. Who uses it names what is
   * his, or makes a database of his own.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer mariaDb() {
    return MARIADB.get();
  }

  /**
   * The shared Redis.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer redis() {
    return REDIS.get();
  }

  /**
   * The shared ZooKeeper; its address is {@code zookeeper://} and a connect string.
   *
   * @throws IllegalStateException that says what to do, if none can be started
   */
  public static BrokerServer zooKeeper() {
    return ZOOKEEPER.get();
  }
}
