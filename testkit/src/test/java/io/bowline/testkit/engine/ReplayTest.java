// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static io.bowline.testkit.engine.ReplayStage.LONG;
import static io.bowline.testkit.engine.ReplayStage.dead;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Message;
import io.bowline.replay.ReplayReport;
import io.bowline.replay.ReplayReport.End;
import io.bowline.replay.ReplayReport.Entry;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters that go back to their topic, through a broker in memory. */
@Timeout(60)
class ReplayTest {
  private final ReplayStage stage = new ReplayStage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aDeadLetterGoesBackToItsTopicAndIsHandled() {
    AtomicBoolean mended = new AtomicBoolean();
    AtomicInteger handled = new AtomicInteger();
    try (ReliableConsumer consumer =
        stage.consumer(
            message -> {
              if (!mended.get()) {
                throw new Unprocessable("no such bean");
              }
              handled.incrementAndGet();
            })) {
      stage.send(Message.to("orders").id("id-1").key("k").header("h", "v").text("100"));
      Ledger.until("it is dead", () -> stage.deadLetters() == 1);
      mended.set(true);
      ReplayReport report = stage.replay().all().run(LONG);
      assertEquals(End.DONE, report.end());
      assertEquals(
          List.of(new Entry("id-1", Optional.of("orders"), Fate.REPLAYED)), report.entries());
      Ledger.until("it is handled", () -> handled.get() == 1);
      assertEquals("billing", consumer.group());
    }
    assertEquals(0, stage.deadLetters());
    Outgoing again = stage.broker.stored("orders").get(1);
    assertEquals("id-1", again.messageId());
    assertEquals("100", new String(again.body(), UTF_8));
    assertEquals("v", again.headers().get("h"));
    assertEquals("1", again.headers().get("bowline-replays"));
    assertFalse(
        again.headers().keySet().stream().anyMatch(name -> name.startsWith("bowline-dead-")));
    assertTrue(
        String.valueOf(again.headers().get("bowline-replayed-stamp"))
            .startsWith("1;i=id-1;s=shop;"));
  }

  @Test
  void whatIsNotSelectedStaysAndNothingIsReplayedTwice() {
    List<Message> letters = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      letters.add(dead("id-" + i, "k" + i % 3));
    }
    stage.send(letters.toArray(Message[]::new));
    ReplayReport one = stage.replay().key("k1").run(LONG);
    assertEquals(10, one.replayed());
    assertEquals(20, one.count(Fate.NOT_SELECTED));
    assertEquals(20, stage.deadLetters());
    ReplayReport two = stage.replay().ids(Set.of("id-3", "id-4")).run(LONG);
    assertEquals(1, two.replayed(), "id-4 went with its key before");
    ReplayReport rest = stage.replay().all().run(LONG);
    assertEquals(19, rest.replayed());
    assertEquals(0, stage.deadLetters());
    assertEquals(30, stage.ids("orders").size());
    assertEquals(30, Set.copyOf(stage.ids("orders")).size());
  }

  /** Some are put back by a first replay; some tries of the second fail. */
  @Test
  void theOrderOfAKeyIsKept() {
    List<Message> letters = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      letters.add(dead(Integer.toString(i), "k" + i % 7));
    }
    stage.send(letters.toArray(Message[]::new));
    assertEquals(0, stage.replay().where(letter -> false).run(LONG).replayed());
    stage.broker.failNext(20, Verdict.NOT_STORED);
    assertEquals(200, stage.replay().all().run(LONG).replayed());
    Map<String, List<Integer>> byKey = new LinkedHashMap<>();
    for (Outgoing message : stage.broker.stored("orders")) {
      byKey
          .computeIfAbsent(String.valueOf(message.key()), key -> new ArrayList<>())
          .add(Integer.valueOf(message.messageId()));
    }
    assertEquals(7, byKey.size());
    byKey.forEach((key, ids) -> assertEquals(ids.stream().sorted().toList(), ids, key));
  }

  @Test
  void aDryRunChangesNothingAndSaysWhatWouldBe() {
    stage.send(dead("a", "k"), dead("b", "k"), dead("c", "other"));
    List<Outgoing> before = stage.broker.stored("dead");
    ReplayReport report = stage.replay().key("k").dryRun().run(LONG);
    assertTrue(report.dryRun());
    assertEquals(Map.of(Fate.REPLAYED, 2L, Fate.NOT_SELECTED, 1L), report.counts());
    assertEquals(List.of("a", "b"), report.entries().stream().map(Entry::id).toList());
    assertEquals(before, stage.broker.stored("dead"));
    assertEquals(3, stage.deadLetters());
    assertEquals(List.of(), stage.broker.stored("orders"));
    assertEquals(2, stage.replay().key("k").run(LONG).replayed());
  }

  @Test
  void whatWasReplayedTooOftenStaysAndIsReported() {
    try (ReliableConsumer consumer =
        stage.consumer(
            message -> {
              throw new Unprocessable("never");
            })) {
      stage.send(Message.to("orders").id("id-1").key("k").text("100"));
      for (int times = 1; times <= 2; times++) {
        Ledger.until("it is dead", () -> stage.deadLetters() == 1);
        assertEquals(1, stage.replay().all().maxReplays(2).run(LONG).replayed());
      }
      Ledger.until("it is dead", () -> stage.deadLetters() == 1);
      ReplayReport third = stage.replay().all().maxReplays(2).run(LONG);
      assertEquals(Map.of(Fate.REPLAYED_TOO_OFTEN, 1L), third.counts());
      assertEquals("billing", consumer.group());
    }
    assertEquals(1, stage.deadLetters());
    assertEquals(List.of("id-1", "id-1", "id-1"), stage.ids("orders"));
  }

  /** Else a replay would run in circles with a consumer that is not mended. */
  @Test
  void whatDiesAgainMeanwhileIsLeftToTheNextReplay() {
    try (ReliableConsumer consumer =
        stage.consumer(
            message -> {
              throw new Unprocessable("never");
            })) {
      stage.send(
          Message.to("orders").key("a").text("1"),
          Message.to("orders").key("b").text("2"),
          Message.to("orders").key("c").text("3"));
      Ledger.until("all are dead", () -> stage.deadLetters() == 3);
      ReplayReport report = stage.replay().all().run(LONG);
      assertEquals(Map.of(Fate.REPLAYED, 3L), report.counts());
      Ledger.until("all are dead again", () -> stage.deadLetters() == 3);
      assertEquals("billing", consumer.group());
    }
    assertEquals(6, stage.broker.stored("orders").size());
  }
}
