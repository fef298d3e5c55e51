// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.faults.FaultProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * RocketMQ's name server, broker and proxy in one child process on free loopback ports, with a data
 * folder of its own, all gone after {@link #close}. It needs about 400 MB. Clients must speak in
 * the clear; topics and groups must be created; a message may be invisible for 1 s only; what a
 * dead consumer held comes back within some 20 s.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public final class LocalRocket implements BrokerServer {

  /** Three to five seconds on a quiet machine with two cores. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** Small and quick to start rather than fast. */
  private static final List<String> JVM =
      List.of(
          "-Xms384m",
          "-Xmx384m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:MaxDirectMemorySize=256m");

  private static final String NAMESRV =
      """
      listenPort=%d
      bindAddress=127.0.0.1
      kvConfigPath=%2$s/kvConfig.json
      configStorePath=%2$s/namesrv.properties
      """;

  /**
   * Each flush of the timer compares 38 MB byte by byte: every second, as by default, that takes
   * most of a core even when nothing happens. After a kill the timer reads again what it missed.
   */
  private static final String BROKER =
      """
      brokerClusterName=DefaultCluster
      brokerName=broker-a
      brokerId=0
      brokerRole=ASYNC_MASTER
      flushDiskType=SYNC_FLUSH
      namesrvAddr=127.0.0.1:%1$d
      brokerIP1=127.0.0.1
      brokerIP2=127.0.0.1
      bindAddress=127.0.0.1
      listenPort=%2$d
      haListenPort=%3$d
      storePathRootDir=%4$s/store
      storePathCommitLog=%4$s/store/commitlog
      mappedFileSizeCommitLog=67108864
      mappedFileSizeConsumeQueue=600000
      mappedFileSizeTimerLog=1048576
      maxHashSlotNum=50000
      maxIndexNum=200000
      diskMaxUsedSpaceRatio=95
      autoCreateTopicEnable=false
      autoCreateSubscriptionGroup=false
      registerNameServerPeriod=10000
      channelExpiredTimeout=20000
      timerFlushIntervalMs=10000
      """;

  private static final String CONTROLLER =
      """
      enableControllerInNamesrv=true
      controllerType=DLedger
      controllerDLegerGroup=controllers
      controllerDLegerPeers=n0-127.0.0.1:%d
      controllerDLegerSelfId=n0
      controllerStorePath=%s/controller
      mappedFileSize=1048576
      """;

  /** The controller gives out the numbers of brokers, and their roles. */
  private static final String CONTROLLED =
      """
      brokerId=-1
      enableControllerMode=true
      controllerAddr=127.0.0.1:%1$d
      storePathEpochFile=%2$s/store/epochFileCheckpoint
      storePathBrokerIdentity=%2$s/store/brokerIdentity
      """;

  /** In cluster mode a proxy answers a question for routes with the address it was asked at. */
  private static final String PROXY =
      """
      {
        "rocketMQClusterName": "DefaultCluster",
        "proxyClusterName": "DefaultCluster",
        "proxyName": "proxy-a",
        "namesrvAddr": "127.0.0.1:%d",
        "localServeAddr": "127.0.0.1",
        "useEndpointPortFromRequest": true,
        "channelExpiredTimeout": 20000,
        "grpcServerPort": %d,
        "remotingListenPort": %d,
        "grpcShutdownTimeSeconds": 2,
        "grpcClientConsumerMinLongPollingTimeoutMillis": 500,
        "grpcClientConsumerMaxLongPollingTimeoutMillis": 2000,
        "minInvisibleTimeMillsForRecv": 1000,
        "topicRouteServiceCacheRefreshSeconds": 1,
        "topicConfigCacheRefreshSeconds": 1,
        "subscriptionGroupConfigCacheRefreshSeconds": 1%s
      }
      """;

  private final String version;
  private final LocalRocketSetup setup;
  private final Ports ports;
  private final ServerFolder folder;
  private final ServerProcess server;
  private @Nullable Proxied proxied;

  private LocalRocket(ServerClasspath classpath, ServerFolder folder, LocalRocketSetup setup) {
    this.folder = folder;
    this.setup = setup;
    version = classpath.version("rocketmq-broker");
    ports = Ports.take();
    List<String> options = new ArrayList<>(options(folder));
    options.add(setup.tlsOption());
    if (setup.hasController()) {
      options.add("--add-opens=java.base/java.lang=ALL-UNNAMED"); // its log speaks of it at length
    }
    List<String> main = new ArrayList<>();
    main.add("io.bowline.servers.rocketmq.AllInOne");
    main.addAll(List.of("namesrv.conf", "broker.conf", "rmq-proxy.json"));
    main.add("127.0.0.1:" + ports.broker());
    main.addAll(setup.arguments());
    server = folder.process("rocketmq", classpath.java(folder, options, main), environment(folder));
  }

  /** What a JVM in this folder is told. */
  static List<String> options(ServerFolder folder) {
    List<String> options = new ArrayList<>(JVM);
    options.add("-Duser.home=\"" + folder.path() + "\"");
    return options;
  }

  static Map<String, String> environment(ServerFolder folder) {
    return Map.of("LC_ALL", "C.UTF-8", "ROCKETMQ_HOME", folder.path().toString());
  }

  /** The broker.conf of a replica of this broker. */
  String replicaConfig(Path home) {
    int port = FreePorts.takeWithLower(2);
    int replication = FreePorts.take(1).get(0);
    String role =
        setup.hasController()
            ? CONTROLLED.formatted(ports.controller(), home) + setup.brokerLines()
            : "brokerId=1\nbrokerRole=SLAVE\n";
    return BROKER.formatted(ports.namesrv(), port, replication, home) + role;
  }

  /**
   * Starts a broker that nobody else uses.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 2 min
   */
  public static LocalRocket startNew() {
    return startNew(LocalRocketSetup.plain());
  }

  /** Starts a broker that nobody else uses, set up like this. Throws as {@link #startNew()}. */
  public static LocalRocket startNew(LocalRocketSetup setup) {
    ServerClasspath classpath = ServerClasspath.of("rocketmq");
    ServerFolder folder = ServerFolder.create("rocketmq");
    try {
      LocalRocket rocket = new LocalRocket(classpath, folder, setup);
      rocket.start();
      return rocket;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * {@code rocketmq://127.0.0.1:<port of the proxy>?namesrv=127.0.0.1:<port>}, never with a user.
   */
  @Override
  public String address() {
    return address(ports.grpc());
  }

  private String address(int port) {
    return "rocketmq://127.0.0.1:%d?namesrv=127.0.0.1:%d".formatted(port, ports.namesrv());
  }

  /** The broker's own address for admin tools: {@code 127.0.0.1:<port>}. */
  public String broker() {
    return "127.0.0.1:" + ports.broker();
  }

  /**
   * The controller's address for admin tools: {@code 127.0.0.1:<port>}. Nobody is there unless the
   * broker was {@linkplain LocalRocketSetup#controller set up} with one.
   */
  public String controller() {
    return "127.0.0.1:" + ports.controller();
  }

  /** Only if the {@linkplain LocalRocketSetup#cluster proxy is in cluster mode}; no admin's way. */
  @Override
  public Optional<Proxied> proxied() {
    if (proxied == null && setup.isCluster()) {
      FaultProxy proxy = FaultProxy.to("127.0.0.1", ports.grpc());
      proxied = new Proxied(address(proxy.port()), proxy);
    }
    return Optional.ofNullable(proxied);
  }

  @Override
  public String origin() {
    return "local process, RocketMQ " + version;
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
    // Each time: a running broker overwrites its file with all its settings.
    Path home = folder.path();
    String controller = "";
    String controlled = "";
    if (setup.hasController()) {
      controller = CONTROLLER.formatted(ports.controller(), home);
      controlled = CONTROLLED.formatted(ports.controller(), home);
    }
    folder.write("namesrv.conf", NAMESRV.formatted(ports.namesrv(), home) + controller);
    folder.write(
        "broker.conf",
        BROKER.formatted(ports.namesrv(), ports.broker(), ports.replication(), home)
            + controlled
            + setup.brokerLines());
    folder.write(
        "rmq-proxy.json",
        PROXY.formatted(ports.namesrv(), ports.grpc(), ports.remoting(), setup.proxyLines()));
    server.start();
    server.awaitReady(() -> server.logged("READY\n"), READY_WITHIN);
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
    if (proxied != null) {
      proxied.proxy().close();
    }
    folder.close();
  }

  ServerProcess process() {
    return server;
  }

  ServerFolder folder() {
    return folder;
  }

  /** A broker also listens two ports below its own. */
  private record Ports(
      int namesrv, int broker, int replication, int grpc, int remoting, int controller) {

    static Ports take() {
      List<Integer> others = FreePorts.take(5);
      int broker = FreePorts.takeWithLower(2);
      return new Ports(
          others.get(0), broker, others.get(1), others.get(2), others.get(3), others.get(4));
    }
  }
}
