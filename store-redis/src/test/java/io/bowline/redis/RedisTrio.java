// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.FreePorts;
import io.bowline.testkit.servers.LocalRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A cluster of three Redis servers without replicas. */
final class RedisTrio implements AutoCloseable {
  private static final int SLOTS = 16_384;

  private final List<BrokerServer> nodes;
  private final RedisClusterClient client;

  private RedisTrio(List<BrokerServer> nodes) {
    this.nodes = nodes;
    this.client = RedisClusterClient.create(RedisURI.create(nodes.get(0).address()));
  }

  static RedisTrio start() {
    List<Integer> buses = FreePorts.take(3);
    List<BrokerServer> nodes =
        buses.stream()
            .map(
                bus ->
                    LocalRedis.startNew(
                        "--cluster-enabled", "yes", "--cluster-port", Integer.toString(bus)))
            .toList();
    RedisTrio trio = new RedisTrio(nodes);
    try {
      trio.join(buses);
    } catch (RuntimeException | Error e) {
      trio.close();
      throw e;
    }
    return trio;
  }

  private void join(List<Integer> buses) {
    for (int node = 0; node < nodes.size(); node++) {
      int from = SLOTS * node / nodes.size();
      int to = SLOTS * (node + 1) / nodes.size();
      int[] slots = IntStream.range(from, to).toArray();
      String added = asked(node, commands -> commands.clusterAddSlots(slots));
      require("OK".equals(added), added);
    }
    for (int node = 1; node < nodes.size(); node++) {
      int met = node;
      String said = asked(0, commands -> meet(commands, port(met), buses.get(met)));
      require("OK".equals(said), said);
    }
    for (int node = 0; node < nodes.size(); node++) {
      awaitWhole(node);
    }
  }

  /** By name, since the client knows no way to tell the port of the bus. */
  private static String meet(RedisCommands<String, String> commands, int port, int bus) {
    return commands.dispatch(
        CommandType.CLUSTER,
        new StatusOutput<>(StringCodec.UTF8),
        new CommandArgs<>(StringCodec.UTF8).add("MEET").add("127.0.0.1").add(port).add(bus));
  }

  private void awaitWhole(int node) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    String info = "";
    while (!info.contains("cluster_state:ok") || !info.contains("cluster_size:3")) {
      require(System.nanoTime() - end < 0, info);
      LockSupport.parkNanos(20_000_000);
      info = asked(node, RedisCommands::clusterInfo);
    }
  }

  private int port(int node) {
    return URI.create(nodes.get(node).address()).getPort();
  }

  private <T> T asked(int node, Function<RedisCommands<String, String>, T> question) {
    RedisClient direct = RedisClient.create(nodes.get(node).address());
    try (StatefulRedisConnection<String, String> connection = direct.connect()) {
      return question.apply(connection.sync());
    } finally {
      direct.shutdown();
    }
  }

  private static void require(boolean holds, String said) {
    if (!holds) {
      throw new AssertionError("The cluster did not come about: " + said);
    }
  }

  RedisAccess access() {
    return RedisAccess.of(client);
  }

  @Override
  public void close() {
    client.shutdown();
    nodes.forEach(BrokerServer::close);
  }
}
