// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ServerProcessIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void noServerOutlivesAKilledJvm() throws Exception {
    Owner owner = Owner.start();
    owner.jvm().destroyForcibly().waitFor();
    owner.server().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    ServerFolder.delete(owner.folder());
  }

  @Test
  void noServerAndNoFolderOutlivesAJvmThatEnds() throws Exception {
    Owner owner = Owner.start();
    owner.jvm().destroy();
    owner.jvm().waitFor();
    assertFalse(owner.server().isAlive());
    assertFalse(Files.exists(owner.folder()));
  }

  @Test
  void anEndBeforeReadyShowsTheLog() {
    try (ServerFolder folder = ServerFolder.create("test")) {
      ServerProcess process = sh(folder, "echo no such luck; exit 3");
      process.start();
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class, () -> process.awaitReady(() -> false, PATIENCE));
      assertTrue(String.valueOf(e.getMessage()).contains("no such luck"), e::getMessage);
    }
  }

  @Test
  void aProcessThatIsNotReadyInTimeIsKilled() {
    try (ServerFolder folder = ServerFolder.create("test")) {
      ServerProcess process = sh(folder, "exec tail -f /dev/null");
      process.start();
      assertThrows(
          IllegalStateException.class, () -> process.awaitReady(() -> false, Duration.ZERO));
      assertFalse(process.alive());
    }
  }

  @Test
  void aProcessIsNotStartedTwice() {
    try (ServerFolder folder = ServerFolder.create("test")) {
      ServerProcess process = sh(folder, "exec tail -f /dev/null");
      process.start();
      assertThrows(IllegalStateException.class, process::start);
    }
  }

  @Test
  void theLogIsOfTheLastRunOnly() {
    try (ServerFolder folder = ServerFolder.create("test")) {
      ServerProcess process =
          sh(folder, "test -e ran || echo first; >ran; echo READY; exec tail -f /dev/null");
      process.start();
      process.awaitReady(() -> process.logged("READY") || !process.alive(), PATIENCE);
      assertTrue(process.logged("first"));
      process.kill();
      process.start();
      process.awaitReady(() -> process.logged("READY") || !process.alive(), PATIENCE);
      assertFalse(process.logged("first"));
    }
  }

  private static ServerProcess sh(ServerFolder folder, String script) {
    return folder.process(
        "test", List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
  }

  /** A JVM that started a Kafka. */
  private record Owner(Process jvm, ProcessHandle server, Path folder) {

    static Owner start() throws IOException {
      Process jvm =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dbowline.root=" + System.getProperty("bowline.root", "."),
                  "-cp",
                  System.getProperty("java.class.path"),
                  KafkaOwner.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader output = jvm.inputReader();
      long pid = Long.parseLong(output.readLine());
      return new Owner(jvm, ProcessHandle.of(pid).orElseThrow(), Path.of(output.readLine()));
    }
  }
}
