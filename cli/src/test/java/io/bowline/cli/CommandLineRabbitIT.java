// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.cli.Shell.Result;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CommandLineRabbitIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String address = Servers.rabbitmq().address();
  private final String topic = "beans-" + UUID.randomUUID();

  @BeforeEach
  void makeTopic() {
    try (Bowline bowline = Bowline.connect(address)) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(2).groups("service"));
    }
  }

  @Test
  void theJarSendsAndCounts() {
    Result sent = Jar.run("send", address, topic, "100", "--key", "user-7");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    Result backlog = Jar.run("backlog", address, topic, "service", "--json");
    assertEquals(1, backlog.json().get("groups").get(0).get("messages").asLong(), backlog.err());
  }

  /** The password of this user is guest. */
  @Test
  void thePasswordIsTakenFromTheEnvironment() {
    String named = address.replaceFirst("guest:guest@", "guest@");
    Shell shell = new Shell().environment(Access.PASSWORD, "guest");
    Result right = shell.execute("backlog", named, topic, "service");
    assertEquals(Exit.FINE, right.status(), right.err());
    Result wrong =
        new Shell()
            .environment(Access.PASSWORD, "s3/cret@")
            .execute("backlog", named, topic, "service");
    assertEquals(Exit.UNREACHABLE, wrong.status(), wrong.err());
    assertTrue(!wrong.err().contains("s3"), wrong.err());
  }

  @Test
  void theQueuesOfATailGo() throws InterruptedException {
    CompletableFuture<Result> tail =
        CompletableFuture.supplyAsync(
            () ->
                Shell.run(
                    "tail",
                    address,
                    topic,
                    "--group",
                    "look",
                    "--count",
                    "1",
                    "--property",
                    "queues.expire=2000"));
    try (Bowline bowline = Bowline.connect(address)) {
      await("a group", () -> isThere(bowline));
      Shell.run("send", address, topic, "100", "--key", "user-7");
      assertEquals("user-7\t100", tail.orTimeout(60, TimeUnit.SECONDS).join().out().strip());
      await("its end", () -> !isThere(bowline));
    }
  }

  private boolean isThere(Bowline bowline) {
    try {
      return bowline.admin().backlog(topic, "look").messages() >= 0;
    } catch (TransportException refused) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "No sign of " + what);
      assertTrue(!never.await(50, TimeUnit.MILLISECONDS));
    }
  }
}
