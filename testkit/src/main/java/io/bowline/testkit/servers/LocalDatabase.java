// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.faults.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A database as a child process on a free loopback port, with a data folder of its own. Not
 * thread-safe: one test at a time breaks a database.
 */
final class LocalDatabase implements BrokerServer {
  /** What such a process finds, and nothing of ours. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8");

  /** Less than a second on a quiet machine. */
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final String version;
  private final String addressOfPort;
  private final ServerFolder folder;
  private final ServerProcess server;
  private final BooleanSupplier serves;
  private final int port;
  private final FaultProxy proxy;

  /**
   * What a database is told and asked.
   *
   * @param version for people, such as {@code Redis 7.0.15}
   * @param addressOfPort its address, with {@code %d} for the port
   * @param command what becomes the server
   * @param question whether it serves clients at a port
   */
  record Recipe(
      String version, String addressOfPort, List<String> command, DatabaseQuestion question) {}

  LocalDatabase(ServerFolder folder, int port, Recipe recipe) {
    this.folder = folder;
    this.port = port;
    version = recipe.version;
    addressOfPort = recipe.addressOfPort;
    server = folder.process("server", recipe.command, ENVIRONMENT);
    serves = () -> recipe.question.answered("127.0.0.1", port);
    proxy = FaultProxy.to("127.0.0.1", port);
  }

  /** Starts it, or leaves nothing behind. */
  LocalDatabase started() {
    try {
      start();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public String address() {
    return addressOfPort.formatted(port);
  }

  @Override
  public Optional<Proxied> proxied() {
    return Optional.of(new Proxied(addressOfPort.formatted(proxy.port()), proxy));
  }

  @Override
  public String origin() {
    return "local process, " + version;
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
    server.awaitReady(serves, READY_WITHIN);
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

  ServerProcess process() {
    return server;
  }

  ServerFolder folder() {
    return folder;
  }
}
