// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Handler;
import io.bowline.consumer.OutOfTurn;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import io.bowline.message.Stamp.KeyNumber;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A version guard in each database. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource
final class JdbcVersionGuardIT {
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());

  private final VersionStage stage;
  private final AtomicInteger calls = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  JdbcVersionGuardIT(TestDatabases kind) throws SQLException {
    stage = new VersionStage(kind.source());
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private JdbcVersionGuard guard() {
    return JdbcVersionGuard.in(stage.database, "billing").open();
  }

  private void apply(Received message, Connection connection) throws SQLException {
    calls.incrementAndGet();
    stage.apply(message, connection);
  }

  @Test
  void eachNumberTakesEffectOnceAndInItsTurn() throws Exception {
    JdbcVersionGuard guard = JdbcVersionGuard.in(stage.database, "of-" + stage.topic).open();
    Handler handler = guard.handler(this::apply);
    assertThrows(OutOfTurn.class, () -> handler.handle(stage.message("a", 3)));
    handler.handle(stage.message("a", 1));
    handler.handle(stage.message("a", 1));
    assertThrows(OutOfTurn.class, () -> handler.handle(stage.message("a", 3)));
    handler.handle(stage.message("a", 2));
    handler.handle(stage.message("a", 3));
    handler.handle(stage.message("a", 2));
    handler.handle(stage.message("a", 4));
    assertEquals("1 2 3 4 ", stage.told("a"));
    assertEquals(4, calls.get());
    assertEquals(2, guard.duplicates());
    assertEquals(List.of(), guard.waiting(10));
  }

  @Test
  void membersThatHaveTheSameMessagesAtOnceApplyEachOnce() throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<?>> members =
        List.of(1, 2, 3).stream()
            .<Future<?>>map(
                member ->
                    threads.submit(
                        () -> {
                          assertTrue(begin.await(60, TimeUnit.SECONDS));
                          Handler handler = guard().handler(this::apply);
                          VersionVictim.deliver(handler, stage, new Random(SEED + member));
                          return true;
                        }))
            .toList();
    begin.countDown();
    for (Future<?> member : members) {
      member.get();
    }
    for (String key : List.of("a", "b", "c")) {
      assertEquals(VersionStage.upTo(VersionVictim.MESSAGES), stage.told(key), "seed " + SEED);
    }
  }

  @Test
  void whatItsHandlerThrowsLeavesTheNumberWhereItWas() throws Exception {
    JdbcVersionGuard guard = guard();
    Handler failing =
        guard.handler(
            (message, connection) -> {
              stage.apply(message, connection);
              throw new IllegalStateException("a test");
            });
    for (long number : new long[] {1, 1}) {
      Received message = stage.message("a", number);
      assertThrows(IllegalStateException.class, () -> failing.handle(message));
      assertThrows(OutOfTurn.class, () -> failing.handle(stage.message("a", number + 1)));
    }
    assertEquals("", stage.told("a"));
    guard.handler(stage::apply).handle(stage.message("a", 1));
    assertEquals("1 ", stage.told("a"));
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotDoneAgain() throws Exception {
    FickleSource fickle = new FickleSource(stage.database);
    Handler handler = JdbcVersionGuard.in(fickle.source(), "billing").open().handler(this::apply);
    for (int number = 1; number <= 3; number++) {
      fickle.losesAnswer = true;
      handler.handle(stage.message("a", number));
    }
    assertEquals("1 2 3 ", stage.told("a"));
    assertEquals(3, calls.get());
  }

  @Test
  void aTransactionThatLosesIsDoneAgainNumberAndEffect() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Handler handler = guard().handler((message, connection) -> cross(message, connection, both));
    Future<?> one = threads.submit(() -> handled(handler, stage.message("a", 1)));
    Future<?> other = threads.submit(() -> handled(handler, stage.message("b", 1)));
    one.get();
    other.get();
    assertTrue(calls.get() > 2, "nobody lost");
    assertEquals(2 * "x ".length(), stage.told("a").length());
    assertEquals(2 * "x ".length(), stage.told("b").length());
    handler.handle(stage.message("a", 1));
    assertEquals(2 * "x ".length(), stage.told("a").length());
  }

  private static boolean handled(Handler handler, Received message) throws Exception {
    handler.handle(message);
    return true;
  }

  /** Each needs what the other one has. */
  private void cross(Received message, Connection connection, CyclicBarrier both) throws Exception {
    String own = message.key().orElseThrow();
    boolean first = calls.incrementAndGet() <= 2;
    stage.note(connection, own, "x");
    if (first) {
      both.await(60, TimeUnit.SECONDS);
    }
    stage.note(connection, own.equals("a") ? "b" : "a", "x");
  }

  @Test
  void aMissingNumberIsToldAfterTheWaitListedAndSkippedByHand() throws Exception {
    JdbcVersionGuard guard =
        JdbcVersionGuard.in(stage.database, "of-" + stage.topic).waits(Duration.ZERO).open();
    Handler handler = guard.handler(this::apply);
    handler.handle(stage.message("a", 1));
    VersionMissing told =
        assertThrows(VersionMissing.class, () -> handler.handle(stage.message("a", 4)));
    assertTrue(String.valueOf(told.getMessage()).contains("number 4 of key a"), told::getMessage);
    assertThrows(VersionMissing.class, () -> handler.handle(stage.message("a", 5)));
    WaitingKey waiting = guard.waiting(10).get(0);
    assertEquals(1, guard.waiting(10).size());
    assertEquals(
        List.of("a", "trade", stage.topic),
        List.of(waiting.key(), waiting.source(), waiting.topic()));
    assertEquals(List.of(1L, 4L, 5L), List.of(waiting.last(), waiting.lowest(), waiting.highest()));
    assertTrue(guard.skip(waiting, waiting.lowest() - 1));
    assertEquals(false, guard.skip(waiting, waiting.lowest() - 1));
    handler.handle(stage.message("a", 4));
    handler.handle(stage.message("a", 5));
    assertEquals("1 4 5 ", stage.told("a"));
    Unprocessable late =
        assertThrows(Unprocessable.class, () -> handler.handle(stage.message("a", 3)));
    assertTrue(String.valueOf(late.getMessage()).contains("comes late"), late::getMessage);
    assertEquals(List.of(), guard.waiting(10));
  }

  @Test
  void holesThatAreAcceptedArePassedOver() throws Exception {
    JdbcVersionGuard guard =
        JdbcVersionGuard.in(stage.database, "billing").waits(Duration.ZERO).acceptHoles().open();
    Handler handler = guard.handler(this::apply);
    handler.handle(stage.message("a", 2));
    handler.handle(stage.message("a", 3));
    handler.handle(stage.message("a", 7));
    handler.handle(stage.message("a", 7));
    assertEquals("2 3 7 ", stage.told("a"));
    assertEquals(2, guard.pastHoles());
    assertThrows(Unprocessable.class, () -> handler.handle(stage.message("a", 1)));
  }

  @Test
  void eachProducerHasItsNumbersUnlessTheyAreDrawnFromAStore() throws Exception {
    KeyNumber first = new KeyNumber(1, 0, true);
    Handler each = guard().handler(this::apply);
    each.handle(stage.message("a", 5, first));
    each.handle(stage.message("a", 6, first));
    each.handle(stage.message("a", 5, new KeyNumber(2, 0, false)));
    assertEquals("1 1 2 ", stage.told("a"));
    Handler drawn =
        JdbcVersionGuard.in(stage.database, "other").throughEpochs().open().handler(this::apply);
    drawn.handle(stage.message("b", 5, first));
    assertThrows(
        OutOfTurn.class, () -> drawn.handle(stage.message("b", 6, new KeyNumber(3, 0, true))));
    drawn.handle(stage.message("b", 5, new KeyNumber(2, 0, false)));
    drawn.handle(stage.message("b", 6, new KeyNumber(3, 0, true)));
    assertEquals("1 2 3 ", stage.told("b"));
    Unprocessable back =
        assertThrows(Unprocessable.class, () -> drawn.handle(stage.message("b", 7, first)));
    assertTrue(String.valueOf(back.getMessage()).contains("keySequences"), back::getMessage);
  }

  @Test
  void whatALaterRelayOfAnOutboxSendsAgainHasNoSecondEffect() throws Exception {
    KeyNumber first = new KeyNumber(1, 0, true);
    Handler handler =
        JdbcVersionGuard.in(stage.database, "relayed").throughOutbox().open().handler(this::apply);
    handler.handle(stage.message("a", 5, first));
    handler.handle(stage.message("a", 6, first));
    handler.handle(stage.message("a", 6, new KeyNumber(2, 0, true)));
    assertEquals("1 2 ", stage.told("a"));
  }
}
