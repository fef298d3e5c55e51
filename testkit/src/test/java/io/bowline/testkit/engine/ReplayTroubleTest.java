// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static io.bowline.testkit.engine.ReplayStage.LONG;
import static io.bowline.testkit.engine.ReplayStage.dead;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.replay.ReplayReport;
import io.bowline.replay.ReplayReport.End;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replays that meet letters, topics and ends that they cannot help. */
@Timeout(60)
class ReplayTroubleTest {
  private final ReplayStage stage = new ReplayStage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whatItsTopicRefusesStaysAndLaterOnesOfItsKeyWait() {
    Message gone = dead("a", "k").header("bowline-dead-topic", "gone");
    stage.send(gone, dead("b", "k"), dead("c", "other"));
    ReplayReport report = stage.replay().all().run(LONG);
    assertEquals(End.DONE, report.end());
    assertEquals(Map.of(Fate.REFUSED, 1L, Fate.KEY_WAITS, 1L, Fate.REPLAYED, 1L), report.counts());
    assertEquals(List.of("c"), stage.ids("orders"));
    stage.bowline.admin().ensure(TopicSpec.of("gone").lanes(1).groups("billing"));
    assertEquals(2, stage.replay().all().run(LONG).replayed());
    assertEquals(List.of("a"), stage.ids("gone"));
    assertEquals(0, stage.deadLetters());
  }

  @Test
  void whatDoesNotSayWhereItCameFromStays() {
    stage.send(Message.to("dead").id("stranger").key("k").text("?"), dead("a", "k"));
    ReplayReport report = stage.replay().all().run(LONG);
    assertEquals(Map.of(Fate.NO_ORIGIN, 1L, Fate.REPLAYED, 1L), report.counts());
    assertEquals(1, stage.deadLetters());
  }

  @Test
  void theLettersOfAnotherGroupAreLeftToItsOwnReplay() {
    stage.send(dead("a", "k").header("bowline-dead-group", "shipping"), dead("b", "k"));
    ReplayReport ours = stage.replay().all().run(LONG);
    assertEquals(Map.of(Fate.OTHER_GROUP, 1L, Fate.REPLAYED, 1L), ours.counts());
    ReplayReport theirs =
        stage.bowline.replay("dead", "shipping").quiet(ofMillis(300)).all().run(LONG);
    assertEquals(Map.of(Fate.OTHER_GROUP, 1L, Fate.REPLAYED, 1L), theirs.counts());
    assertEquals(Set.of("a", "b"), Set.copyOf(stage.ids("orders")));
  }

  /** As after a crash between the confirmation and the acknowledgement. */
  @Test
  void whatCouldNotBeAcknowledgedIsReplayedAgainUnderTheSameId() {
    stage.send(dead("a", "k"));
    AtomicBoolean dropped = new AtomicBoolean();
    ReplayReport report =
        stage
            .replay()
            .where(
                letter -> {
                  if (dropped.compareAndSet(false, true)) {
                    stage.broker.expireMembers("dead", "billing.replay");
                  }
                  return true;
                })
            .run(LONG);
    assertEquals(1, report.comesAgain());
    assertEquals(2, report.replayed());
    assertEquals(List.of("a", "a"), stage.ids("orders"));
    assertEquals(0, stage.deadLetters());
  }

  @Test
  void aChoiceThatThrowsEndsItAndChangesNothing() {
    stage.send(dead("a", "k"));
    ReplayReport report =
        stage
            .replay()
            .where(
                letter -> {
                  throw new IllegalStateException("no choice");
                })
            .run(LONG);
    assertEquals(End.TROUBLE, report.end());
    assertTrue(String.valueOf(report.trouble()).contains("no choice"));
    assertEquals(1, stage.deadLetters());
    assertEquals(1, stage.broker.stored("dead").size());
  }

  @Test
  void aLimitEndsItAndTheRestIsUntouched() {
    stage.send(dead("a", "k"), dead("b", "k"), dead("c", "k"));
    ReplayReport report = stage.replay().all().limit(2).run(LONG);
    assertEquals(End.LIMIT, report.end());
    assertEquals(List.of("a", "b"), stage.ids("orders"));
    assertEquals(1, stage.deadLetters());
    assertEquals(3, stage.broker.stored("dead").size());
  }

  @Test
  void anInterruptEndsIt() throws InterruptedException {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread replaying =
        new Thread(
            () -> {
              ReplayReport report = stage.replay().all().quiet(ofSeconds(50)).run(LONG);
              interrupted.set(
                  report.end() == End.TROUBLE && Thread.currentThread().isInterrupted());
            });
    stage.send(dead("a", "k"));
    replaying.start();
    Ledger.until("it replays", () -> stage.deadLetters() == 0);
    replaying.interrupt();
    replaying.join();
    assertTrue(interrupted.get());
  }

  @Test
  void itIsRefusedWithoutAChoiceAndWithoutATopic() {
    assertThrows(IllegalStateException.class, () -> stage.replay().run(LONG));
    TransportException missing =
        assertThrows(
            TransportException.class,
            () -> stage.bowline.replay("nowhere", "billing").all().run(LONG));
    assertTrue(String.valueOf(missing.getMessage()).contains("nowhere"));
  }
}
