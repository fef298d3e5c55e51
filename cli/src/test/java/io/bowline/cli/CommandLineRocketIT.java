// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.cli.Shell.Result;
import io.bowline.testkit.servers.Servers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CommandLineRocketIT {
  private final String address = Servers.rocketmq().address();
  private final String topic = "beans-" + UUID.randomUUID();

  /** Its admin client is one of the jar's parts that nothing else needs. */
  @Test
  void theJarMakesAuditsSendsAndCounts() {
    Result made = Jar.run("ensure", address, topic, "--group", "service");
    assertEquals(Exit.FINE, made.status(), made.err());
    Result audit = Jar.run("audit", address, topic, "--group", "service");
    assertEquals(Exit.FINDINGS, audit.status(), audit.err());
    assertTrue(audit.out().contains("FAIL         CRITICAL replication"), audit.out());
    assertTrue(audit.out().contains("LOCAL_SYNC"), audit.out());
    Result sent = Jar.run("send", address, topic, "100", "--key", "user-7");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    Result backlog = Jar.run("backlog", address, topic, "service", "--json");
    assertEquals(1, backlog.json().get("groups").get(0).get("messages").asLong(), backlog.err());
    Result tail = Jar.run("tail", address, topic, "--count", "1", "--idle", "30s");
    assertEquals("user-7\t100", tail.out().strip(), tail.err());
  }
}
