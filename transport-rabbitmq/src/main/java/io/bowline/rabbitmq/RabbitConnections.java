// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.ListAddressResolver;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.ConnectFailures.TlsPortException;
import io.bowline.transport.BrokerEvents;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;

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

  /** Hears what becomes of the connections. */
  BrokerEvents events() {
    return settings.events();
  }

  /**
   * Tries each host once.
   *
   * @param writes what its thread writes in one go, where that is possible
   * @throws NoHostException if none took us
   */
  OpenConnection connect(String role, WriteRun writes) throws IOException {
    List<Address> hosts = new ArrayList<>(settings.hosts());
    if (!settings.listedOrder()) {
      Collections.shuffle(hosts);
    }
    Map<String, Exception> seen = new LinkedHashMap<>();
    for (Address host : hosts) {
      try {
        return connect(host, role, writes);
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        seen.put(host.toString(), withReason(host, e));
      }
    }
    throw new NoHostException(seen);
  }

  private OpenConnection connect(Address host, String role, WriteRun writes)
      throws IOException, TimeoutException {
    AtomicReference<Socket> socket = new AtomicReference<>();
    ConnectionFactory own = factory.clone();
    if (!settings.tls()) {
      own.setSocketFactory(writes.sockets());
    }
    own.setSocketConfigurator(
        fresh -> {
          socket.set(fresh);
          configure(fresh);
        });
    String name = settings.connectionName() + " " + role;
    // By TLS the name must stay a name; else all its addresses are tried.
    Connection opened =
        settings.tls()
            ? own.newConnection(null, new ListAddressResolver(List.of(host)), name)
            : own.newConnection(List.of(host), name);
    return new OpenConnection(opened, socket.get(), host.toString());
  }

  private void configure(Socket socket) throws SocketException {
    socket.setTcpNoDelay(true);
    socket.setSendBufferSize(SEND_BUFFER);
    if (socket instanceof SSLSocket tls && settings.verifyHostname()) {
      RabbitTls.verifyHost(tls);
    }
  }

  /** A TLS port answers AMQP with a few bytes that say nothing to a person. */
  private Exception withReason(Address host, Exception seen) {
    boolean unexplained =
        !settings.tls()
            && ConnectFailures.row(seen) == RabbitRow.UNREACHABLE
            && !(seen instanceof ConnectException || seen instanceof UnknownHostException);
    return unexplained && RabbitTls.isSpokenAt(host, factory.getConnectionTimeout())
        ? new TlsPortException(seen)
        : seen;
  }

  void close() {
    publishing.close();
    consuming.close();
  }

  /**
   * Ends a connection, waiting at most as long as connecting may take. On a thread of its own: the
   * client takes the lock of every channel, and a thread may be stuck in a socket holding one.
   */
  void letGo(OpenConnection open) {
    Duration patience = settings.connectTimeout();
    int millis = (int) patience.toMillis();
    boolean ended =
        inBackground("bowline-rabbitmq-close", () -> open.connection().abort(millis))
            .join(patience);
    if (!ended) {
      open.cut();
    }
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
    /** Whether it ended within this time. */
    boolean join(Duration patience) {
      try {
        thread.join(Math.max(1, patience.toMillis()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return !thread.isAlive();
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
    if (settings.tls()) {
      factory.useSslProtocol(RabbitTls.context(settings.trustStore(), settings.keyStore()));
    }
    if (settings.external()) {
      factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
    }
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
