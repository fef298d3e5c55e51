// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The ports, files, environment and processes of one local RabbitMQ node. */
final class LocalRabbitNode {

  private static final String CONTROL = "/usr/lib/rabbitmq/bin/rabbitmqctl";

  private static final Duration EPMD_WITHIN = Duration.ofSeconds(30);

  /**
   * The log of quorum queues is also held in memory up to its size, which by default is more than
   * the node may take here: it would raise its alarm, and publishers would wait for ever.
   */
  private static final String SETTINGS =
      """
      listeners.tcp.1 = 127.0.0.1:%d
      management.tcp.ip = 127.0.0.1
      management.tcp.port = %d
      vm_memory_high_watermark.absolute = 400MB
      raft.wal_max_size_bytes = 64000000
      disk_free_limit.absolute = 50MB
      log.console = true
      log.console.level = info
      log.file = false
      """;

  private static final String TLS_SETTINGS =
      """
      listeners.ssl.1 = 127.0.0.1:%1$d
      listeners.ssl.2 = 127.0.0.2:%1$d
      ssl_options.cacertfile = %2$s
      ssl_options.certfile = %3$s
      ssl_options.keyfile = %4$s
      """;

  private static final Duration CONTROL_WITHIN = Duration.ofSeconds(60);

  private final LocalRabbitInstallation installation;
  private final ServerFolder folder;
  private final int amqpPort;
  private final int managementPort;
  private final int distributionPort;
  private final Peer self;
  private final int tlsPort;
  private final ServerProcess server;
  private final ServerProcess epmd;

  /** What nodes of one cluster know each other by: another name each, and the epmd of all. */
  record Peer(String name, int epmdPort) {
    /** The name as Erlang has it. */
    String node() {
      return name + "@localhost";
    }
  }

  /** A node that is alone. */
  LocalRabbitNode(
      LocalRabbitInstallation installation, ServerFolder folder, LocalRabbitSetup setup) {
    this(installation, folder, setup, new Peer("bowline", FreePorts.take(1).get(0)));
  }

  LocalRabbitNode(
      LocalRabbitInstallation installation,
      ServerFolder folder,
      LocalRabbitSetup setup,
      Peer self) {
    this.installation = installation;
    this.folder = folder;
    this.self = self;
    List<Integer> ports = FreePorts.take(4);
    amqpPort = ports.get(0);
    managementPort = ports.get(1);
    distributionPort = ports.get(2);
    tlsPort = ports.get(3);
    writeFiles(setup);
    // The folder ends its processes in this order; a node without its epmd would start another.
    server =
        folder.process(
            "rabbitmq",
            installation.command("/usr/lib/rabbitmq/bin/rabbitmq-server"),
            environment());
    epmd =
        folder.process(
            "epmd",
            installation.command("epmd", "-port", "" + self.epmdPort, "-address", "127.0.0.1"),
            shellEnvironment());
  }

  int amqpPort() {
    return amqpPort;
  }

  int tlsPort() {
    return tlsPort;
  }

  URI management() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }

  ServerProcess server() {
    return server;
  }

  /** Without an epmd there the node would start one that outlives it. */
  void startEpmd() {
    epmd.start();
    epmd.awaitReady(this::epmdListens, EPMD_WITHIN);
  }

  private boolean epmdListens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), self.epmdPort));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Runs rabbitmqctl against this node; what it says is in the folder's {@code control.log}. */
  void control(String... order) {
    List<String> words = new ArrayList<>(List.of(CONTROL, "-n", self.node()));
    words.addAll(List.of(order));
    ProcessBuilder builder =
        new ProcessBuilder(installation.command(words.toArray(String[]::new)))
            .redirectErrorStream(true)
            .redirectOutput(folder.path().resolve("control.log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    try {
      Process control = builder.start();
      if (!control.waitFor(CONTROL_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        control.destroyForcibly();
        throw new IllegalStateException(words + " did not end within " + CONTROL_WITHIN);
      }
      if (control.exitValue() != 0) {
        String said = Files.readString(folder.path().resolve("control.log"));
        throw new IllegalStateException(words + " failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while running " + words, e);
    }
  }

  private void writeFiles(LocalRabbitSetup setup) {
    folder.write("env.conf", "");
    folder.write("enabled_plugins", setup.plugins());
    setup.writeFiles(folder);
    String tls =
        setup.hasTls()
            ? TLS_SETTINGS.formatted(
                tlsPort, inside("ca.pem"), inside("server.pem"), inside("server.key"))
            : "";
    folder.write(
        "rabbitmq.conf", SETTINGS.formatted(amqpPort, managementPort) + tls + setup.lines());
    Path cookie = folder.write(".erlang.cookie", "BOWLINE");
    try {
      // Erlang refuses a cookie that others may read.
      Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot protect " + cookie, e);
    }
  }

  private Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(shellEnvironment());
    // Exec instead of fork: the process we started is then the server itself.
    all.put("RUNNING_UNDER_SYSTEMD", "true");
    all.put("RABBITMQ_NODENAME", self.node());
    all.put("RABBITMQ_BASE", inside("."));
    all.put("RABBITMQ_CONF_ENV_FILE", inside("env.conf"));
    all.put("RABBITMQ_CONFIG_FILE", inside("rabbitmq.conf"));
    all.put("RABBITMQ_ADVANCED_CONFIG_FILE", inside("advanced.config"));
    all.put("RABBITMQ_ENABLED_PLUGINS_FILE", inside("enabled_plugins"));
    all.put("RABBITMQ_MNESIA_BASE", inside("mnesia"));
    all.put("RABBITMQ_LOG_BASE", inside("log"));
    all.put("RABBITMQ_SCHEMA_DIR", inside("schema"));
    all.put("RABBITMQ_GENERATED_CONFIG_DIR", inside("generated"));
    all.put("RABBITMQ_PID_FILE", inside("pid"));
    all.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    all.put("RABBITMQ_NODE_PORT", "" + amqpPort);
    // By default the AMQP port + 20000, which nobody kept free for us.
    all.put("RABBITMQ_DIST_PORT", "" + distributionPort);
    all.put("ERL_EPMD_PORT", "" + self.epmdPort);
    all.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    all.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 16");
    return all;
  }

  private Map<String, String> shellEnvironment() {
    return Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LANG", "C.UTF-8", "HOME", inside("."));
  }

  private String inside(String file) {
    return installation.seenInside(folder.path().resolve(file).normalize()).toString();
  }
}
