// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bowline.Bowline;
import io.bowline.cli.Shell.Result;
import io.bowline.consumer.Unprocessable;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a broker in memory, with all that does not depend on a real one. */
final class BrokerCommandsTest {
  private final InMemoryBroker broker = InMemoryBroker.named("cli-" + UUID.randomUUID());
  private final String address = broker.address();
  private final Bowline bowline = Bowline.connect(address);

  @BeforeEach
  void makeTopics() {
    bowline.admin().ensure(TopicSpec.of("beans").lanes(2).groups("service"));
    bowline.admin().ensure(TopicSpec.of("dead").lanes(2).groups("service.replay"));
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  @Test
  void whatIsSentIsConfirmedAndCounted() {
    Result sent = Shell.run("send", address, "beans", "100", "--key", "user-7", "--json");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    assertEquals("CONFIRMED", sent.json().get("outcome").asText());
    Result left = Shell.run("backlog", address, "beans", "service", "--json");
    JsonNode group = left.json().get("groups").get(0);
    assertEquals(Exit.FINE, left.status(), left.err());
    assertEquals(1, group.get("messages").asLong());
    assertTrue(group.has("quality") && group.has("ageSeconds") && group.has("lanes"), left.out());
  }

  @Test
  void aBacklogAboveTheBoundIsAFinding() {
    Shell.run("send", address, "beans", "100");
    String[] ask = {"backlog", address, "beans", "service", "--most", "0"};
    assertEquals(Exit.FINDINGS, Shell.run(ask).status());
    ask[5] = "1";
    assertEquals(Exit.FINE, Shell.run(ask).status());
  }

  @Test
  void theBodyComesFromTheStandardInput() {
    Result sent = new Shell().input("from stdin").execute("send", address, "beans", "--id", "id-1");
    assertEquals(Exit.FINE, sent.status(), sent.err());
    assertTrue(sent.out().startsWith("CONFIRMED id id-1 in lane "), sent.out());
    Result tail = Shell.run("tail", address, "beans", "--count", "1", "--json");
    assertEquals("from stdin", tail.json().get("body").asText());
    assertEquals("id-1", tail.json().get("id").asText());
    assertEquals("bowline-cli", tail.json().get("source").asText());
  }

  @Test
  void aRefusedMessageIsRejectedAndAnUnansweredOneUnknown() {
    broker.failNext(1, Verdict.REFUSED);
    Result refused = Shell.run("send", address, "beans", "100", "--json");
    assertEquals(Exit.FINDINGS, refused.status(), refused.err());
    assertEquals("REJECTED", refused.json().get("outcome").asText());
    broker.failNext(100, Verdict.UNKNOWN);
    String[] hasty = {"send", address, "beans", "1", "--timeout", "100ms", "--deadline", "200ms"};
    Result unknown = Shell.run(hasty);
    assertEquals(Exit.FINDINGS, unknown.status(), unknown.err());
    assertTrue(unknown.out().startsWith("UNKNOWN id "), unknown.out());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNotReached() {
    broker.pause();
    Result away = Shell.run("audit", address, "beans", "--timeout", "100ms");
    broker.resume();
    assertEquals(Exit.UNREACHABLE, away.status(), away.err());
    assertFalse(away.err().contains("\tat "), away.err());
  }

  @Test
  void aTopicThatIsNotThereIsRefused() {
    Result refused = Shell.run("backlog", address, "nothing", "service");
    assertEquals(Exit.FINDINGS, refused.status(), refused.err());
    assertTrue(refused.err().contains("nothing does not exist"), refused.err());
  }

  @Test
  void whatCannotBeReadIsAFinding() {
    Result audit = Shell.run("audit", address, "beans", "--json");
    assertEquals(Exit.FINDINGS, audit.status(), audit.err());
    assertFalse(audit.json().get("fine").asBoolean());
    JsonNode finding = audit.json().get("topics").get(0).get("findings").get(0);
    assertEquals("UNVERIFIABLE", finding.get("status").asText());
    assertEquals("CRITICAL", finding.get("severity").asText());
  }

  @Test
  void whatIsMadeOfATopicIsLookedAt() {
    String[] ask = {
      "audit",
      address,
      "beans",
      "--group",
      "service",
      "--dead-letters",
      "none",
      "--dedupe-window",
      "2d",
      "--keeps-sent",
      "3d"
    };
    Result audit = Shell.run(ask);
    assertEquals(Exit.FINDINGS, audit.status(), audit.err());
    assertTrue(audit.out().contains("group of group service of topic beans"), audit.out());
    assertTrue(audit.out().contains("dead-letters of topic none"), audit.out());
    assertTrue(audit.out().contains("dedupe-window"), audit.out());
    String late = "sent messages kept for PT72H, remembered for PT48H";
    assertTrue(audit.out().contains(late), audit.out());
  }

  @Test
  void withoutTopicAllAreLookedAt() {
    Result audit = Shell.run("audit", address, "--json");
    assertEquals(Exit.FINDINGS, audit.status(), audit.err());
    assertEquals("beans", audit.json().get("topics").get(0).get("topic").asText());
    assertEquals("dead", audit.json().get("topics").get(1).get("topic").asText());
  }

  @Test
  void whatIsMissingIsToldAndThenMade() {
    String[] plan = {"ensure", address, "new", "--lanes", "4", "--group", "g", "--dry-run"};
    Result missing = Shell.run(plan);
    assertEquals(Exit.FINDINGS, missing.status(), missing.err());
    assertTrue(missing.out().contains("MISSING"), missing.out());
    assertEquals(Exit.FINDINGS, Shell.run("backlog", address, "new", "g").status());
    Result made = Shell.run("ensure", address, "new", "--lanes", "4", "--group", "g", "--json");
    assertEquals(Exit.FINE, made.status(), made.err());
    assertEquals("MADE", made.json().get("parts").get(0).get("state").asText(), made.out());
    assertEquals(Exit.FINE, Shell.run(plan).status());
    assertEquals(Exit.FINE, Shell.run("backlog", address, "new", "g").status());
  }

  @Test
  void otherLanesAreRefused() {
    Result refused = Shell.run("ensure", address, "beans", "--lanes", "3");
    assertEquals(Exit.FINDINGS, refused.status(), refused.out());
    assertTrue(refused.err().contains("exists"), refused.err());
    Result wrong = Shell.run("ensure", address, "beans", "--lanes", "0");
    assertEquals(Exit.USAGE, wrong.status(), wrong.err());
  }

  @Test
  void tailEndsWhenNothingComes() {
    Result idle = Shell.run("tail", address, "beans", "--idle", "200ms");
    assertEquals(Exit.FINDINGS, idle.status(), idle.err());
    assertTrue(idle.err().contains("Nothing came"), idle.err());
  }

  @Test
  void tailTakesNothingFromOthers() {
    Shell.run("send", address, "beans", "100", "--key", "user-7");
    Shell.run("send", address, "beans", "200", "--key", "user-8");
    Result tail = Shell.run("tail", address, "beans", "--key", "user-8", "--count", "1");
    assertEquals("user-8\t200", tail.out().strip());
    assertEquals(2, broker.unaccepted("beans", "service"));
  }

  @Test
  void deadLettersAreListedShownAndReplayed() throws InterruptedException {
    kill("user-7", "bad-1");
    kill("user-8", "bad-2");
    Result list = Shell.run("dead-letters", "list", address, "dead", "service", "--quiet", "200ms");
    assertEquals(Exit.FINE, list.status(), list.err());
    assertTrue(list.out().contains("bad-1") && list.out().contains("no such bean"), list.out());
    Result show = letters("show", "bad-2");
    assertTrue(show.out().contains("header bowline-dead-group: service"), show.out());
    assertTrue(show.out().endsWith("\n100\n"), show.out());
    assertEquals(Exit.FINDINGS, letters("show", "bad-3").status());
    Result dry = letters("replay", "--all", "--dry-run", "--json");
    assertEquals(2, dry.json().get("counts").get("REPLAYED").asInt(), dry.out());
    assertEquals(2, broker.unaccepted("dead", "service.replay"));
    Result replay = letters("replay", "--id", "bad-1", "--json");
    assertEquals(Exit.FINE, replay.status(), replay.err());
    assertEquals(1, replay.json().get("counts").get("REPLAYED").asInt(), replay.out());
    assertEquals(Exit.FINDINGS, letters("replay", "--id", "bad-3").status());
  }

  /** It would see nothing of what died before, and seem empty. */
  @Test
  void aReaderThatNobodyMadeIsNotMade() {
    String[] list = {"dead-letters", "list", address, "dead", "other", "--quiet", "200ms"};
    Result refused = Shell.run(list);
    assertEquals(Exit.FINDINGS, refused.status(), refused.out());
    assertTrue(refused.err().contains("other.replay"), refused.err());
    assertEquals(Exit.FINDINGS, Shell.run("backlog", address, "dead", "other.replay").status());
  }

  private Result letters(String what, String... more) {
    String[] first = {"dead-letters", what, address, "dead", "service", "--quiet", "200ms"};
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return Shell.run(all);
  }

  private void kill(String key, String id) throws InterruptedException {
    Shell.run("send", address, "beans", "100", "--key", key, "--id", id);
    CountDownLatch died = new CountDownLatch(1);
    try (var consumer =
        bowline
            .consumer("beans", "service")
            .deadLetters("dead")
            .start(
                message -> {
                  died.countDown();
                  throw new Unprocessable("no such bean");
                })) {
      assertTrue(died.await(10, TimeUnit.SECONDS), consumer::toString);
    }
  }
}
