// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.time.Duration;
import java.util.List;

/**
 * A replica of the broker of a {@link LocalRocket}, in a child process with a data folder of its
 * own, all gone after {@link #close}. The name server hears of it within some 10 s, and of its end
 * at once. Not thread-safe.
 */
public final class LocalRocketReplica implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(1);

  private final ServerFolder folder;
  private final ServerProcess server;

  private LocalRocketReplica(LocalRocket master, ServerFolder folder) {
    this.folder = folder;
    folder.write("broker.conf", master.replicaConfig(folder.path()));
    List<String> main = List.of("org.apache.rocketmq.broker.BrokerStartup", "-c", "broker.conf");
    server =
        folder.process(
            "rocketmq-replica",
            ServerClasspath.of("rocketmq").java(folder, LocalRocket.options(folder), main),
            LocalRocket.environment(folder));
  }

  /**
   * Starts one.
   *
   * @throws IllegalStateException if it does not start within a minute
   */
  public static LocalRocketReplica of(LocalRocket master) {
    ServerFolder folder = ServerFolder.create("rocketmq-replica");
    try {
      LocalRocketReplica replica = new LocalRocketReplica(master, folder);
      replica.start();
      return replica;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Starts it again after {@link #kill}, with the data it had. */
  public void start() {
    server.start();
    server.awaitReady(() -> server.logged("boot success"), READY_WITHIN);
  }

  /** Ends it by SIGKILL. */
  public void kill() {
    server.kill();
  }

  @Override
  public void close() {
    folder.close();
  }
}
