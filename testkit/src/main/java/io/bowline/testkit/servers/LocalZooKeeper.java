// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.List;

/**
 * ZooKeeper, one server alone, as a child process on a free loopback port, with a data folder of
 * its own, all gone after {@link BrokerServer#close}. It needs about 80 MB. Sessions may be as
 * short as 1 s, their ends are rounded up to 500 ms, and container nodes that are empty go within
 * two seconds.
 */
public final class LocalZooKeeper {
  private static final List<String> JVM =
      List.of(
          "-Xmx96m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dznode.container.checkIntervalMs=1000");

  private static final String MAIN = "org.apache.zookeeper.server.ZooKeeperServerMain";

  private static final String SETTINGS =
      """
      clientPort=%d
      clientPortAddress=127.0.0.1
      dataDir=%s
      tickTime=500
      minSessionTimeout=1000
      maxSessionTimeout=600000
      maxClientCnxns=0
      admin.enableServer=false
      """;

  private LocalZooKeeper() {}

  /**
   * Starts one that nobody else uses, at {@code zookeeper://127.0.0.1:<port>}.
   *
   * @throws IllegalStateException if the server is not built, or does not serve clients in 60 s
   */
  public static BrokerServer startNew() {
    return startOwn();
  }

  static LocalDatabase startOwn() {
    ServerClasspath classpath = ServerClasspath.of("zookeeper");
    ServerFolder folder = ServerFolder.create("zookeeper");
    try {
      int port = FreePorts.take(1).get(0);
      String data = folder.path().resolve("data").toString();
      String settings = folder.write("zoo.cfg", SETTINGS.formatted(port, data)).toString();
      LocalDatabase.Recipe recipe =
          new LocalDatabase.Recipe(
              "ZooKeeper " + classpath.version("zookeeper"),
              "zookeeper://127.0.0.1:%d",
              classpath.java(folder, JVM, List.of(MAIN, settings)),
              DatabaseQuestion.ZOOKEEPER);
      return new LocalDatabase(folder, port, recipe).started();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }
}
