// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Redis as a child process on a free loopback port, with a data folder of its own, all gone after
 * {@link BrokerServer#close}. It evicts nothing, and writes each command before it answers.
 */
public final class LocalRedis {
  private static final Path SERVER = Path.of("/usr/bin/redis-server");

  private LocalRedis() {}

  /**
   * Starts one that nobody else uses, at {@code redis://127.0.0.1:<port>}.
   *
   * @param settings further ones, such as {@code "--maxmemory-policy", "allkeys-lru"}
   * @throws IllegalStateException if there is none here, or if it does not serve clients in 60 s
   */
  public static BrokerServer startNew(String... settings) {
    return startOwn(settings);
  }

  static LocalDatabase startOwn(String... settings) {
    return start("Redis", "redis://127.0.0.1:%d", (folder, port) -> server(folder, port, settings));
  }

  /**
   * Starts a sentinel that is enough to replace a Redis by its replica, at {@code
   * redis-sentinel://127.0.0.1:<port>#<name>}.
   *
   * @param name of the Redis, for whoever asks the sentinel where it is
   * @param port of the Redis, which is replaced once it does not answer for a second
   * @throws IllegalStateException if there is none here, or if it does not serve clients in 60 s
   */
  public static BrokerServer startSentinel(String name, int port) {
    String address = "redis-sentinel://127.0.0.1:%d#" + name;
    return start("Redis Sentinel", address, (folder, own) -> sentinel(folder, own, name, port));
  }

  private static LocalDatabase start(
      String what, String address, BiFunction<Path, Integer, List<String>> command) {
    if (!Files.isExecutable(SERVER)) {
      throw new IllegalStateException("No Redis on this machine; run scripts/databases");
    }
    ServerFolder folder = ServerFolder.create("redis");
    try {
      int port = FreePorts.take(1).get(0);
      LocalDatabase.Recipe recipe =
          new LocalDatabase.Recipe(
              what + " " + version(folder),
              address,
              command.apply(folder.path(), port),
              DatabaseQuestion.REDIS);
      return new LocalDatabase(folder, port, recipe).started();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** It prints {@code Redis server v=7.0.15 sha=…}. */
  private static String version(ServerFolder folder) {
    String said =
        folder.run("version", List.of(SERVER.toString(), "--version"), Duration.ofSeconds(30));
    return said.replaceFirst("(?s).*v=([\\d.]+).*", "$1");
  }

  private static List<String> server(Path folder, int port, String... settings) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of(SERVER.toString(), "--port", "" + port, "--bind", "127.0.0.1"));
    words.addAll(List.of("--dir", folder.toString(), "--save", "", "--daemonize", "no"));
    words.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    words.addAll(List.of(settings));
    return words;
  }

  /** A sentinel writes into its own settings what it sees. */
  private static List<String> sentinel(Path folder, int port, String name, int watched) {
    Path file = folder.resolve("sentinel.conf");
    String settings =
        """
        port %2$d
        bind 127.0.0.1
        dir %4$s
        sentinel monitor %1$s 127.0.0.1 %3$d 1
        sentinel down-after-milliseconds %1$s 1000
        sentinel failover-timeout %1$s 10000
        """;
    try {
      Files.writeString(file, settings.formatted(name, port, watched, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing " + file, e);
    }
    return List.of(SERVER.toString(), file.toString(), "--sentinel");
  }
}
