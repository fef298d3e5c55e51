// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two connections: an alarm of the broker blocks those that publish, and acknowledgements on the
 * same socket would be stuck behind. Questions go the way of the consumers. Thread-safe.
 */
final class RabbitConnections {
  /** A peer that vanishes while its buffer is full blocks the thread that writes. */
  private static final int SEND_BUFFER = 4 << 20;

  /** The most that RabbitMQ can be configured to deliver. */
  private static final int LARGEST_DELIVERY = 512 << 20;

  private final RabbitSettings settings;
  private final ConnectionFactory factory;
  private final SupervisedConnection publishing;
  private final SupervisedConnection consuming;

  RabbitConnections(RabbitSettings settings) {
    this.settings = settings;
    this.factory = factory(settings);
    this.publishing = new SupervisedConnection(this, "publishing");
    this.consuming = new SupervisedConnection(this, "consuming");
  }

  SupervisedConnection publishing() {
    return publishing;
  }

  SupervisedConnection consuming() {
    return consuming;
  }

  /** What is connected to, for people: hosts and virtual host. */
  String target() {
    return settings.hostNames() + " virtual host " + settings.vhost();
  }

  Connection connect(String role) throws IOException, TimeoutException {
    return factory.newConnection(settings.hosts(), settings.connectionName() + " " + role);
  }

  void close() {
    publishing.close();
    consuming.close();
  }

  /**
   * Ends a connection, waiting at most as long as connecting may take. On a thread of its own: the
   * client takes the lock of every channel, and a thread may be stuck in a socket holding one.
   */
  void letGo(Connection connection) {
    Duration patience = settings.connectTimeout();
    inBackground("bowline-rabbitmq-close", () -> connection.abort((int) patience.toMillis()))
        .join(patience);
  }

  /** Runs what must not hold up the caller for longer than he waits. */
  static Background inBackground(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return new Background(thread);
  }

  /** Work that somebody may wait for. */
  record Background(Thread thread) {
    void join(Duration patience) {
      try {
        thread.join(Math.max(1, patience.toMillis()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ConnectionFactory factory(RabbitSettings settings) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUsername(settings.user());
    factory.setPassword(settings.password());
    factory.setVirtualHost(settings.vhost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(settings.heartbeatSeconds());
    factory.setChannelRpcTimeout((int) settings.rpcTimeout().toMillis());
    factory.setMaxInboundMessageBodySize(LARGEST_DELIVERY);
    // Each host gets its share, so that all are tried before the caller's patience ends.
    int share = (int) settings.connectTimeout().toMillis() / settings.hosts().size();
    factory.setConnectionTimeout(Math.max(500, share));
    factory.setHandshakeTimeout(Math.max(500, share));
    factory.setExceptionHandler(new LoggingExceptions());
    factory.setThreadFactory(daemons());
    factory.setClientProperties(clientProperties());
    factory.setSocketConfigurator(
        socket -> {
          socket.setTcpNoDelay(true);
          socket.setSendBufferSize(SEND_BUFFER);
        });
    return factory;
  }

  private static Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>(new ConnectionFactory().getClientProperties());
    properties.put("product", "Bowline");
    return properties;
  }

  private static ThreadFactory daemons() {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "bowline-rabbitmq-client-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
