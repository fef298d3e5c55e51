// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.outbox.OutboxRelay;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A relay in a process of its own, which ends when its standard input does. */
final class RelayProcess {
  private final Process process;

  private RelayProcess(Process process) {
    this.process = process;
  }

  /** Starts one; what it says goes to this file. */
  static RelayProcess start(File log, String... arguments) {
    try {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String[] command = {
        java,
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        RelayProcess.class.getName(),
        arguments[0],
        arguments[1],
        arguments[2]
      };
      return new RelayProcess(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("Starting a relay", e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL; returns once it is gone. */
  void kill() {
    boolean unused = process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /** SIGSTOP or SIGCONT. */
  void signal(String name) throws IOException, InterruptedException {
    Process sent =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start();
    if (!sent.waitFor(1, TimeUnit.MINUTES) || sent.exitValue() != 0) {
      throw new IllegalStateException("SIG" + name + " did not reach " + process.pid());
    }
  }

  /**
   * Relays until it is killed.
   *
   * @param arguments the broker, the database, the outbox, which is the source too
   */
  public static void main(String[] arguments) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(arguments[1]);
    config.setMaximumPoolSize(8);
    config.setConnectionTimeout(3_000);
    config.setInitializationFailTimeout(-1);
    String name = arguments[2];
    try (HikariDataSource database = new HikariDataSource(config);
        Bowline bowline = Bowline.connect(arguments[0]);
        OutboxRelay relay =
            OutboxRelay.of(JdbcOutbox.in(database, name).keySequences(name), bowline.producer(name))
                .lease(Duration.ofSeconds(2))
                .start()) {
      int ended = System.in.read();
      if (ended >= 0) {
        throw new IllegalStateException("Nobody talks to a relay, which has " + relay.lanes());
      }
    }
  }
}
