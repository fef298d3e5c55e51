// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class BrokerStateTest {
  private static final Duration LONG = Duration.ofSeconds(Await.PATIENCE_SECONDS);

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Clock noon = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
  private final BrokerState state = new BrokerState(noon, new Recorded());

  private final class Recorded implements BrokerEvents {
    @Override
    public void lost(String connection, String why) {
      heard.add("lost " + connection);
    }

    @Override
    public void restored(String connection) {
      heard.add("restored " + connection);
    }

    @Override
    public void blocked(String cause, String why) {
      heard.add("blocked " + cause);
    }

    @Override
    public void unblocked(String cause) {
      heard.add("unblocked " + cause);
    }
  }

  @Test
  void itIsOpenAtFirst() throws InterruptedException {
    assertFalse(state.blocked());
    assertTrue(state.why().isEmpty());
    assertTrue(state.awaitUnblocked(Duration.ZERO));
  }

  @Test
  void itStaysBlockedUntilTheLastCauseIsOver() {
    state.blocked("memory alarm", "node a is low on memory");
    state.blocked("disk alarm", "node a is low on disk");
    state.unblocked("memory alarm");
    assertTrue(state.blocked());
    state.unblocked("disk alarm");
    assertFalse(state.blocked());
  }

  @Test
  void aCauseToldAgainChangesItsReasonOnly() {
    state.blocked("memory alarm", "node a");
    state.blocked("memory alarm", "nodes a and b");
    assertEquals(
        List.of(new BrokerState.Blocked("memory alarm", "nodes a and b", noon.instant())),
        state.causes());
    state.unblocked("memory alarm");
    assertFalse(state.blocked());
    assertEquals(List.of("blocked memory alarm", "unblocked memory alarm"), heard);
  }

  @Test
  void whyNamesEachCauseWithItsBeginning() {
    state.blocked("memory alarm", "node a");
    state.blocked("full buffer", "32 MiB");
    assertEquals(
        "memory alarm since 2026-01-01T12:00:00Z: node a; full buffer since"
            + " 2026-01-01T12:00:00Z: 32 MiB",
        state.why().orElseThrow());
  }

  @Test
  void theEndOfAnUnknownCauseIsNothing() {
    state.blocked("memory alarm", "node a");
    state.unblocked("disk alarm");
    assertTrue(state.blocked());
    assertEquals(List.of("blocked memory alarm"), heard);
  }

  @Test
  void causesBeyondTheBoundAreLeftOut() {
    for (int i = 0; i <= BrokerState.MAX_CAUSES; i++) {
      state.blocked("cause " + i, "full");
    }
    assertEquals(BrokerState.MAX_CAUSES, state.causes().size());
    for (int i = 0; i < BrokerState.MAX_CAUSES; i++) {
      state.unblocked("cause " + i);
    }
    assertFalse(state.blocked());
  }

  @Test
  void lossesAndReturnsAreCountedAndTold() {
    state.lost("publishing", "reset");
    state.restored("publishing");
    state.lost("consuming", "reset");
    assertEquals(2, state.lost());
    assertEquals(1, state.restored());
    assertEquals(List.of("lost publishing", "restored publishing", "lost consuming"), heard);
  }

  @Test
  void aWaitEndsWithItsTime() throws InterruptedException {
    state.blocked("memory alarm", "node a");
    assertFalse(state.awaitUnblocked(Duration.ofMillis(5)));
    assertFalse(state.awaitUnblocked(Duration.ofMillis(-5)));
  }

  @Test
  @Timeout(Await.PATIENCE_SECONDS * 2)
  void everyWaitEndsWhenTheBrokerIsOpenAgain() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 2_000; round++) {
        state.blocked("memory alarm", "round");
        List<CompletableFuture<Boolean>> waits =
            List.of(waiting(threads), waiting(threads), waiting(threads));
        CompletableFuture<Void> end =
            CompletableFuture.runAsync(() -> state.unblocked("memory alarm"), threads);
        for (CompletableFuture<Boolean> wait : waits) {
          assertTrue(wait.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS), "round " + round);
        }
        end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private CompletableFuture<Boolean> waiting(ExecutorService threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return state.awaitUnblocked(LONG);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
          }
        },
        threads);
  }
}
