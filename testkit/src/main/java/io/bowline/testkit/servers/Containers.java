// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Real brokers in containers, by Testcontainers. Each method starts a new one that the caller must
 * close, or is empty: at once where no Docker engine answers or Testcontainers is not on the class
 * path, and after one line on standard output where the engine has no such image and cannot pull it
 * within {@value ContainersImages#PULL_WITHIN_SECONDS} s, or the broker does not start.
 *
 * <p>Images are chosen by the system properties {@code bowline.kafka.image}, {@code
 * bowline.rabbitmq.image} and {@code bowline.rocketmq.image}. Ports are the same before and after a
 * restart. A pause freezes the whole container, and {@link BrokerServer#kill} thaws a paused one
 * first, since a frozen one cannot be killed. Thread-safe.
 */
public final class Containers {

  private static final String KAFKA_IMAGE = "apache/kafka:4.4.0";
  private static final String RABBITMQ_IMAGE = "rabbitmq:4-management";
  private static final String ROCKETMQ_IMAGE = "apache/rocketmq:5.5.0";

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
