// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.producer.SendWindow.Entry;
import io.bowline.transport.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SendWindowTest {
  private final SendWindow window = new SendWindow(2, 100);

  /** Asks for room on another thread, and returns once that waits. */
  private FutureTask<Entry> waiting(int size) {
    FutureTask<Entry> asked = new FutureTask<>(() -> window.enter(size, ofSeconds(60)));
    Thread thread = new Thread(asked);
    thread.setDaemon(true);
    thread.start();
    Await.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
    return asked;
  }

  @Test
  void messagesAreCounted() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(1, ZERO));
    assertEquals(Entry.ENTERED, window.enter(1, ZERO));
    assertEquals(Entry.FULL, window.enter(0, ZERO));
    window.leave(1);
    assertEquals(Entry.ENTERED, window.enter(0, ZERO));
  }

  @Test
  void bytesAreCounted() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(60, ZERO));
    assertEquals(Entry.FULL, window.enter(41, ofMillis(1)));
    assertEquals(Entry.ENTERED, window.enter(40, ZERO));
  }

  @Test
  void oneLargerThanAllBytesPassesAlone() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(1, ZERO));
    assertEquals(Entry.FULL, window.enter(1_000, ZERO));
    window.leave(1);
    assertEquals(Entry.ENTERED, window.enter(1_000, ZERO));
    assertEquals(Entry.FULL, window.enter(0, ZERO));
    window.leave(1_000);
    assertEquals(Entry.ENTERED, window.enter(100, ZERO));
  }

  @Test
  void whoWaitsEntersWhenThereIsRoom() throws InterruptedException, ExecutionException {
    assertEquals(Entry.ENTERED, window.enter(100, ZERO));
    FutureTask<Entry> asked = waiting(100);
    window.leave(100);
    assertEquals(Entry.ENTERED, asked.get());
  }

  @Test
  void theWaitIsBounded() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(100, ZERO));
    long start = System.nanoTime();
    assertEquals(Entry.FULL, window.enter(1, ofMillis(50)));
    assertTrue(System.nanoTime() - start >= 50_000_000);
  }

  @Test
  void aWaitOfAgesIsNoError() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(1, ofSeconds(Long.MAX_VALUE)));
    assertFalse(window.awaitEmpty(ofSeconds(Long.MIN_VALUE)));
    window.leave(1);
    assertTrue(window.awaitEmpty(ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void closingWakesWhoWaitsAndLetsNobodyIn() throws InterruptedException, ExecutionException {
    assertEquals(Entry.ENTERED, window.enter(100, ZERO));
    FutureTask<Entry> asked = waiting(100);
    window.close();
    assertEquals(Entry.CLOSED, asked.get());
    window.leave(100);
    assertEquals(Entry.CLOSED, window.enter(1, ofSeconds(60)));
  }

  @Test
  void emptinessIsAwaited() throws InterruptedException {
    assertTrue(window.awaitEmpty(ZERO));
    assertEquals(Entry.ENTERED, window.enter(1, ZERO));
    assertFalse(window.awaitEmpty(Duration.ofMillis(1)));
    CompletableFuture<Void> left = CompletableFuture.runAsync(() -> window.leave(1));
    assertTrue(window.awaitEmpty(ofSeconds(60)));
    left.join();
  }

  @Test
  void anInterruptEndsTheWait() throws InterruptedException {
    assertEquals(Entry.ENTERED, window.enter(100, ZERO));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> window.enter(1, ofSeconds(60)));
  }
}
