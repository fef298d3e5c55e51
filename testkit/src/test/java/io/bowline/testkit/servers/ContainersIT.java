// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs where a Docker engine has the images or can pull them: see scripts/containers-once. */
@ParameterizedClass(name = "{0}")
@EnumSource
class ContainersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  enum Broker {
    KAFKA,
    RABBITMQ,
    ROCKETMQ,
    POSTGRES,
    MARIADB,
    REDIS,
    ZOOKEEPER;

    Optional<BrokerServer> start() {
      return switch (this) {
        case KAFKA -> Containers.kafka();
        case RABBITMQ -> Containers.rabbitmq();
        case ROCKETMQ -> Containers.rocketmq();
        case POSTGRES -> Containers.postgres();
        case MARIADB -> Containers.mariaDb();
        case REDIS -> Containers.redis();
        case ZOOKEEPER -> Containers.zooKeeper();
      };
    }
  }

  private final Broker broker;
  private Optional<BrokerServer> started = Optional.empty();

  ContainersIT(Broker broker) {
    this.broker = broker;
  }

  @BeforeEach
  void startContainer() {
    require(ContainersEngine.answers(), "no Docker engine answers here");
    started = broker.start();
    require(started.isPresent(), "the engine cannot run the image of " + broker);
  }

  /** A missing engine skips these tests, except in the script that starts one. */
  private static void require(boolean there, String otherwise) {
    if (Boolean.getBoolean("bowline.containers.required")) {
      assertTrue(there, otherwise);
    }
    assumeTrue(there, otherwise);
  }

  @AfterEach
  void closeContainer() {
    started.ifPresent(BrokerServer::close);
  }

  @Test
  void aContainerIsReachedWhereItsAddressSays() {
    BrokerServer server = started.orElseThrow();

    assertTrue(server.origin().startsWith("container of "), server.origin());
    assertTrue(connects(server));
  }

  @Test
  void aKilledContainerComesBackOnTheSamePort() {
    BrokerServer server = started.orElseThrow();
    String address = server.address();

    server.kill();
    assertFalse(connects(server));
    server.start();

    assertEquals(address, server.address());
    assertTrue(connects(server));
  }

  @Test
  void aPausedContainerCanBeResumedAndKilled() {
    BrokerServer server = started.orElseThrow();

    server.pause();
    server.resume();
    server.pause();
    server.kill();

    assertFalse(connects(server));
  }

  @Test
  void aClosedContainerIsGone() {
    BrokerServer server = started.orElseThrow();
    server.pause();

    server.close();

    assertTrue(eventually(() -> !connects(server)));
  }

  @Test
  void aKilledRabbitServesItsManagementApiAgain() {
    assumeTrue(broker == Broker.RABBITMQ, "a fact about RabbitMQ");
    BrokerServer server = started.orElseThrow();
    String query = URI.create(server.address()).getQuery();
    URI management = URI.create(query.substring("management=".length()));
    RabbitHealth health = new RabbitHealth(management, 5672);
    assertTrue(health.serves());

    server.pause();
    assertFalse(health.serves());
    server.kill();
    server.start();

    assertTrue(health.serves());
  }

  private static boolean connects(BrokerServer server) {
    URI address = URI.create(server.address().replaceFirst("^jdbc:", ""));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private static boolean eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }
}
