// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.faults.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A RabbitMQ node as a child process on free loopback ports, with the management plugin, an epmd of
 * its own and a data folder of its own, all gone after {@link #close}. It needs about 150 MB.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public final class LocalRabbit implements BrokerServer {

  /** Four to seven seconds on a quiet machine with two cores. */
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final String version;
  private final LocalRabbitNode node;
  private final ServerFolder folder;
  private final ServerProcess server;
  private final RabbitHealth health;
  private final FaultProxy proxy;
  private final boolean tls;

  private LocalRabbit(LocalRabbitInstallation installation, LocalRabbitSetup setup) {
    version = installation.version();
    tls = setup.hasTls();
    folder = installation.newFolder();
    node = new LocalRabbitNode(installation, folder, setup);
    server = node.server();
    health = new RabbitHealth(node.management(), node.amqpPort());
    proxy = FaultProxy.to("127.0.0.1", node.amqpPort());
  }

  /**
   * Starts the newest RabbitMQ that this machine can run: the 4.x made by {@code
   * scripts/rabbitmq-4}, else the machine's own.
   *
   * @throws IllegalStateException if there is none, or if it does not serve clients in 90 s
   */
  public static LocalRabbit startNewest() {
    return startNewest(LocalRabbitSetup.plain());
  }

  /** As {@link #startNewest()}, with what is asked for. */
  public static LocalRabbit startNewest(LocalRabbitSetup setup) {
    return started(LocalRabbitInstallation.newest(), setup);
  }

  /**
   * Starts the machine's own RabbitMQ: 3.10 on Debian 12.
   *
   * @throws IllegalStateException if there is none, or if it does not serve clients in 90 s
   */
  public static LocalRabbit startOldest() {
    return started(LocalRabbitInstallation.ofMachine(), LocalRabbitSetup.plain());
  }

  private static LocalRabbit start(LocalRabbitInstallation installation, LocalRabbitSetup setup) {
    LocalRabbit rabbit = new LocalRabbit(installation, setup);
    try {
      rabbit.node.startEpmd();
      rabbit.start();
      return rabbit;
    } catch (RuntimeException e) {
      rabbit.close();
      throw e;
    }
  }

  private static LocalRabbit started(
      Optional<LocalRabbitInstallation> installation, LocalRabbitSetup setup) {
    return start(
        installation.orElseThrow(
            () ->
                new IllegalStateException(
                    "No RabbitMQ on this machine; run scripts/rabbitmq-4 or scripts/rabbitmq-3")),
        setup);
  }

  /** {@code rabbitmq://guest:guest@127.0.0.1:<port>?management=http://127.0.0.1:<port>}. */
  @Override
  public String address() {
    return address(node.amqpPort());
  }

  private String address(int amqpPort) {
    return "rabbitmq://guest:guest@127.0.0.1:%d?management=%s"
        .formatted(amqpPort, node.management());
  }

  /** AMQP goes through the proxy; the management API does not. */
  @Override
  public Optional<Proxied> proxied() {
    return Optional.of(new Proxied(address(proxy.port()), proxy));
  }

  /**
   * {@code amqps://127.0.0.1:<port>}, without a user.
   *
   * @throws IllegalStateException if it was started without {@link LocalRabbitSetup#tls}
   */
  public String tlsAddress() {
    if (!tls) {
      throw new IllegalStateException("This node was started without a listener for TLS");
    }
    return "amqps://127.0.0.1:" + node.tlsPort();
  }

  /**
   * Runs rabbitmqctl against this node, and returns once it is done: about 2 s.
   *
   * @throws IllegalStateException if it fails, with what it said
   */
  public void control(String... order) {
    node.control(order);
  }

  /** Where the management API answers, as guest with password guest. */
  public URI management() {
    return node.management();
  }

  @Override
  public String origin() {
    return "local process, RabbitMQ " + version;
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
    server.awaitReady(health::serves, READY_WITHIN);
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
    proxy.close();
    folder.close();
  }

  boolean healthy() {
    return health.serves();
  }

  ServerFolder folder() {
    return folder;
  }
}
