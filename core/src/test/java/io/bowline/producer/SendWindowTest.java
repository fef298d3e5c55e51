// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.producer.ProducerSettings.Window;
import io.bowline.producer.SendWindow.Entry;
import io.bowline.transport.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SendWindowTest {
  private final SendWindow window = new SendWindow(new Window(2, 100));

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
  void whatIsHeldIsTold() {
    assertEquals(Entry.ENTERED, window.tryEnter(60));
    assertEquals(Entry.ENTERED, window.tryEnter(10));
    assertEquals(2, window.messages());
    assertEquals(70, window.bytes());
    window.close();
    window.leave(60);
    assertEquals(1, window.messages());
    assertEquals(10, window.bytes());
  }

  @Test
  void bothBoundsHoldAtTheirLargest() {
    SendWindow wide = new SendWindow(new Window(SendWindow.MOST_MESSAGES, SendWindow.MOST_BYTES));
    int body = Integer.MAX_VALUE;
    long bodies = SendWindow.MOST_BYTES / body;
    for (long i = 0; i < bodies; i++) {
      assertEquals(Entry.ENTERED, wide.tryEnter(body));
    }
    assertEquals(Entry.FULL, wide.tryEnter(body));
    for (long i = bodies; i < SendWindow.MOST_MESSAGES; i++) {
      assertEquals(Entry.ENTERED, wide.tryEnter(0));
    }
    assertEquals(Entry.FULL, wide.tryEnter(0));
    assertEquals(SendWindow.MOST_MESSAGES, wide.messages());
    assertEquals(bodies * body, wide.bytes());
  }

  /** Several threads enter and leave at once, with waits: nobody is forgotten, nothing is left. */
  @Test
  void roomThatIsFreedReachesWhoWaits() {
    SendWindow narrow = new SendWindow(new Window(3, 1_000));
    List<CompletableFuture<Integer>> workers = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      workers.add(CompletableFuture.supplyAsync(() -> enterAndLeave(narrow, 20_000)));
    }
    workers.forEach(worker -> assertEquals(20_000, worker.join()));
    assertEquals(0, narrow.messages());
    assertEquals(0, narrow.bytes());
  }

  private static int enterAndLeave(SendWindow narrow, int times) {
    int entered = 0;
    for (int i = 0; i < times; i++) {
      try {
        if (narrow.enter(i % 700, ofSeconds(60)) == Entry.ENTERED) {
          entered++;
          narrow.leave(i % 700);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return entered;
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
