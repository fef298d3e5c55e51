// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bowline.Bowline;
import io.bowline.cli.Shell.Result;
import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.BrokerServer.Proxied;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real broker that stops answering while it is audited: connections stay, answers do not come.
 */
@Timeout(180)
final class BrokerAwayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String topic = "away-" + UUID.randomUUID();

  private void make(BrokerServer broker) {
    try (Bowline bowline = Bowline.connect(broker.address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(1).groups("service"));
    }
  }

  private void freezeAtConnection(int number, String address, FaultProxy way) {
    long before = way.connections();
    CompletableFuture<Result> audit =
        CompletableFuture.supplyAsync(
            () -> Shell.run("audit", address, topic, "--group", "service", "--timeout", "3s"));
    way.awaitConnections(before + number, PATIENCE);
    way.freeze();
    try {
      Result away = audit.join();
      assertEquals(Exit.UNREACHABLE, away.status(), away.out() + away.err());
      assertEquals(1, away.err().strip().lines().count(), away.err());
      assertTrue(away.err().startsWith("bowline audit: "), away.err());
    } finally {
      way.forward();
    }
  }

  private void freezeAtConnection(int number, BrokerServer broker) {
    assumeTrue(broker.proxied().isPresent(), "no way to it that can be broken");
    make(broker);
    Proxied proxied = broker.proxied().orElseThrow();
    freezeAtConnection(number, proxied.address(), proxied.proxy());
  }

  private static String option(BrokerServer broker, String name) {
    return String.valueOf(BrokerAddress.parse(broker.address()).query().get(name));
  }

  /** The first connection learns where the brokers are, the second asks them. */
  @Test
  void aKafkaThatStopsAnswering() {
    freezeAtConnection(2, Servers.kafka());
  }

  @Test
  void aRabbitThatStopsAnswering() {
    freezeAtConnection(1, Servers.rabbitmq());
  }

  @Test
  void aNameServerThatStopsAnswering() {
    BrokerServer broker = Servers.rocketmq();
    make(broker);
    String names = option(broker, "namesrv");
    String[] at = names.split(":", -1);
    try (FaultProxy way = FaultProxy.to(at[0], Integer.parseInt(at[1]))) {
      String address = broker.address().replace(names, "127.0.0.1:" + way.port());
      freezeAtConnection(1, address, way);
    }
  }

  /** What only the management API tells is then not known, and the rest is told. */
  @Test
  void aManagementApiThatStopsAnsweringLeavesItUnverified() {
    BrokerServer broker = Servers.rabbitmq();
    make(broker);
    int port = URI.create(option(broker, "management")).getPort();
    try (FaultProxy way = FaultProxy.to("127.0.0.1", port)) {
      String address = broker.address().replace(":" + port, ":" + way.port());
      way.freeze();
      Result audit = Shell.run("audit", address, topic, "--timeout", "3s");
      assertEquals(Exit.FINDINGS, audit.status(), audit.out() + audit.err());
      assertTrue(audit.out().contains("UNVERIFIABLE CRITICAL queue-type"), audit.out());
      way.forward();
    }
  }
}
