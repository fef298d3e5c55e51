// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bowline.Bowline;
import io.bowline.cli.Shell.Result;
import io.bowline.consumer.Unprocessable;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The very jar that is handed out, in a process of its own, on a Kafka of one broker. */
final class CommandLineKafkaIT {
  private final String address = Servers.kafka().address();
  private final String topic = "beans-" + UUID.randomUUID();
  private final String dead = topic + ".dead";

  @BeforeEach
  void makeTopics() {
    try (Bowline bowline = Bowline.connect(address)) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(2));
      bowline.admin().ensure(TopicSpec.of(dead).lanes(2));
    }
  }

  @Test
  void oneBrokerFailsForItsReplicationFactor() {
    Result audit = Jar.run("audit", address, topic, "--json");
    assertEquals(Exit.FINDINGS, audit.status(), audit.err());
    JsonNode findings = audit.json().get("topics").get(0).get("findings");
    assertTrue(
        StreamSupport.stream(findings.spliterator(), false)
            .anyMatch(
                finding ->
                    finding.get("check").asText().equals("replication-factor")
                        && finding.get("status").asText().equals("FAIL")),
        audit.out());
  }

  @Test
  void aTopicIsPlannedMadeAndThere() {
    String[] ensure = {"ensure", address, topic + "-2", "--dead-letters", dead, "--dry-run"};
    Result plan = Jar.run(ensure);
    assertEquals(Exit.FINDINGS, plan.status(), plan.err());
    assertTrue(plan.out().contains("MISSING"), plan.out());
    Result made = Jar.run("ensure", address, topic + "-2", "--dead-letters", dead);
    assertTrue(made.out().contains("MADE"), made.out() + made.err());
    Result there = Shell.run(ensure);
    assertTrue(there.out().contains("PRESENT"), there.out());
    assertFalse(there.out().contains("MISSING"), there.out());
    assertTrue(Shell.run("audit", address, "--json").out().contains(topic + "-2"));
  }

  @Test
  void whatIsSentIsCountedAndTailed() {
    Result sent = Jar.run("send", address, topic, "100", "--key", "user-7", "--id", "id-1");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    assertTrue(sent.out().startsWith("CONFIRMED id id-1 in lane "), sent.out());
    Result backlog = Jar.run("backlog", address, topic, "service", "--most", "0");
    assertEquals(Exit.FINDINGS, backlog.status(), backlog.err());
    assertTrue(backlog.out().contains("service  1 "), backlog.out());
    Result tail = Jar.run("tail", address, topic, "--count", "1", "--idle", "30s");
    assertEquals("user-7\t100", tail.out().strip(), tail.err());
  }

  @Test
  void deadLettersGoBack() throws InterruptedException {
    Result sent = Shell.run("send", address, topic, "100", "--key", "user-7", "--id", "bad-1");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    kill();
    Result list = Jar.run("dead-letters", "list", address, dead, "service", "--json");
    assertEquals("bad-1", list.json().get("letters").get(0).get("id").asText(), list.err());
    Result show = Shell.run("dead-letters", "show", address, dead, "service", "bad-1");
    assertTrue(show.out().contains("no such bean"), show.out());
    Result replay = Jar.run("dead-letters", "replay", address, dead, "service", "--all");
    assertEquals(Exit.FINE, replay.status(), replay.err());
    assertTrue(replay.out().contains("1 replayed"), replay.out());
    Result left = Shell.run("dead-letters", "list", address, dead, "service", "--json");
    assertEquals(0, left.json().get("letters").size(), left.out());
  }

  private void kill() throws InterruptedException {
    CountDownLatch died = new CountDownLatch(1);
    try (Bowline bowline = Bowline.connect(address);
        var consumer =
            bowline
                .consumer(topic, "service")
                .deadLetters(dead)
                .start(
                    message -> {
                      died.countDown();
                      throw new Unprocessable("no such bean");
                    })) {
      assertTrue(died.await(60, TimeUnit.SECONDS), consumer::toString);
    }
  }

  @Test
  void wrongUsageAndAClosedPortHaveTheirStatus() {
    Result wrong = Jar.run("audit");
    assertEquals(Exit.USAGE, wrong.status(), wrong.err());
    assertTrue(wrong.err().contains("bowline audit --help"), wrong.err());
    Result away = Jar.run("audit", "kafka://127.0.0.1:1", topic, "--timeout", "1s");
    assertEquals(Exit.UNREACHABLE, away.status(), away.err());
    assertEquals("", away.out());
    assertFalse(away.err().contains("\tat "), away.err());
    assertEquals(1, away.err().strip().lines().count(), away.err());
  }

  @Test
  void theJarKnowsItsVersionAndAllTransports() {
    assertFalse(Jar.run("--version").out().contains("not from its jar"));
    for (String scheme : new String[] {"rabbitmq", "amqps", "rocketmq"}) {
      Result away = Jar.run("audit", scheme + "://127.0.0.1:1", topic, "--timeout", "1s");
      assertEquals(Exit.UNREACHABLE, away.status(), away.err());
      assertFalse(away.err().contains("\tat "), away.err());
    }
  }

  @Test
  void theJarHasTheDriversOfItsDatabases() {
    for (String database : new String[] {"postgresql", "mariadb"}) {
      String nowhere = "jdbc:" + database + "://127.0.0.1:1/beans";
      Result away = Jar.run("gaps", nowhere, topic, "service");
      assertEquals(Exit.UNREACHABLE, away.status(), away.err());
    }
  }
}
