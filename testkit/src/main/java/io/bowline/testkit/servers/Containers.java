// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Real brokers and databases in containers, by Testcontainers. Each method starts a new one that
 * the caller must close, or is empty: at once where no Docker engine answers or Testcontainers is
 * not on the class path, and after one line on standard output where the engine has no such image
 * and cannot pull it within {@value ContainersImages#PULL_WITHIN_SECONDS} s, or the broker does not
 * start.
 *
 * <p>Images are chosen by the system properties {@code bowline.kafka.image} and likewise for {@code
 * rabbitmq}, {@code rocketmq}, {@code postgres}, {@code mariadb}, {@code redis} and {@code
 * zookeeper}. Ports are the same before and after a restart. A pause freezes the whole container,
 * and {@link BrokerServer#kill} thaws a paused one first, since a frozen one cannot be killed.
 * Thread-safe.
 */
public final class Containers {

  private static final String KAFKA_IMAGE = "apache/kafka:4.4.0";
  private static final String RABBITMQ_IMAGE = "rabbitmq:4-management";
  private static final String ROCKETMQ_IMAGE = "apache/rocketmq:5.5.0";

  private static final String POSTGRES_IMAGE = "postgres:18";
  private static final String MARIADB_IMAGE = "mariadb:11.8";
  private static final String REDIS_IMAGE = "redis:8";
  private static final String ZOOKEEPER_IMAGE = "zookeeper:3.9";

  private Containers() {}

  /** One Kafka node, controller and broker in one, which does not create topics by itself. */
  public static Optional<BrokerServer> kafka() {
    return started(
        System.getProperty("bowline.kafka.image", KAFKA_IMAGE),
        (image, host) -> ContainersRecipes.kafka(image, host));
  }

  /** One RabbitMQ node with the management plugin; its address names the management API too. */
  public static Optional<BrokerServer> rabbitmq() {
    return started(
        System.getProperty("bowline.rabbitmq.image", RABBITMQ_IMAGE),
        (image, host) -> ContainersRecipes.rabbitmq(image, host));
  }

  /** RocketMQ's name server, broker and proxy in one container. */
  public static Optional<BrokerServer> rocketmq() {
    return started(
        System.getProperty("bowline.rocketmq.image", ROCKETMQ_IMAGE),
        (image, host) -> ContainersRecipes.rocketmq(image, host));
  }

  /** PostgreSQL with user {@code postgres} and no password. */
  public static Optional<BrokerServer> postgres() {
    return started(
        System.getProperty("bowline.postgres.image", POSTGRES_IMAGE),
        (image, host) -> ContainersDatabases.postgres(image, host));
  }

  /** MariaDB with an empty database {@code bowline}, user {@code root} and no password. */
  public static Optional<BrokerServer> mariaDb() {
    return started(
        System.getProperty("bowline.mariadb.image", MARIADB_IMAGE),
        (image, host) -> ContainersDatabases.mariaDb(image, host));
  }

  /** Redis that evicts nothing, and writes each command before it answers. */
  public static Optional<BrokerServer> redis() {
    return started(
        System.getProperty("bowline.redis.image", REDIS_IMAGE),
        (image, host) -> ContainersDatabases.redis(image, host));
  }

  /** One ZooKeeper alone, whose sessions may be as short as 1 s. */
  public static Optional<BrokerServer> zooKeeper() {
    return started(
        System.getProperty("bowline.zookeeper.image", ZOOKEEPER_IMAGE),
        (image, host) -> ContainersDatabases.zooKeeper(image, host));
  }

  /** The lambdas above keep Testcontainers' classes from being loaded before they are needed. */
  private static Optional<BrokerServer> started(
      String image, BiFunction<String, String, ContainersServer> recipe) {
    if (!testcontainersIsHere() || !ContainersEngine.answers()) {
      return Optional.empty();
    }
    try {
      String host = ContainersImages.hostWith(image);
      ContainersServer server = recipe.apply(image, host);
      server.create();
      return Optional.of(server);
    } catch (RuntimeException e) {
      System.out.printf("[bowline] no container of %s: %s%n", image, firstLine(e));
      return Optional.empty();
    }
  }

  private static boolean testcontainersIsHere() {
    try {
      ClassLoader loader = Containers.class.getClassLoader();
      Class.forName("org.testcontainers.DockerClientFactory", false, loader);
      return true;
    } catch (ClassNotFoundException notOnTheClassPath) {
      return false;
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
