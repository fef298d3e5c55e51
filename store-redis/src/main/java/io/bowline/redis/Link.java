// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.util.function.Supplier;

/** An open connection, to one Redis or to a cluster. Thread-safe. */
final class Link {
  final StatefulConnection<String, byte[]> connection;
  final RedisScriptingAsyncCommands<String, byte[]> scripts;

  /** Asks a Redis about itself; of a cluster, any of its nodes. */
  final Supplier<RedisFuture<String>> info;

  private Link(
      StatefulConnection<String, byte[]> connection,
      RedisScriptingAsyncCommands<String, byte[]> scripts,
      Supplier<RedisFuture<String>> info) {
    this.connection = connection;
    this.scripts = scripts;
    this.info = info;
  }

  static Link of(StatefulRedisConnection<String, byte[]> one) {
    return new Link(one, one.async(), () -> one.async().info());
  }

  static Link of(StatefulRedisClusterConnection<String, byte[]> cluster) {
    return new Link(cluster, cluster.async(), () -> cluster.async().info());
  }
}
