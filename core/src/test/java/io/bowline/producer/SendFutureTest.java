// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.producer.SendException.Unconfirmed;
import io.bowline.retry.Retry;
import io.bowline.transport.Receipt;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caller's future, and who completes it. */
@Timeout(60)
final class SendFutureTest {
  private static final Receipt RECEIPT = new Receipt("id", "orders", 0, "17");

  private final PendingSend send =
      new PendingSend(Message.to("orders"), "id", new Sending(Retry.attempts(1), 1), 0);

  @Test
  void whoWaitsIsWokenAndCompletesItHimself() throws InterruptedException {
    AtomicReference<Object> got = new AtomicReference<>();
    Thread waiter = waiting(() -> got.set(send.future.join()));
    send.receipt = RECEIPT;
    assertTrue(send.future.isAwaitedAlone());
    assertTrue(send.future.wakeWaiter());
    waiter.join();
    assertSame(RECEIPT, got.get());
    assertTrue(send.future.isDone());
  }

  @Test
  void whatIsChainedToItIsLeftToTheThreadForCallbacks() throws InterruptedException {
    AtomicReference<Thread> ranOn = new AtomicReference<>();
    var unused = send.future.thenRun(() -> ranOn.set(Thread.currentThread()));
    Thread waiter = waiting(send.future::join);
    assertFalse(send.future.isAwaitedAlone());
    send.receipt = RECEIPT;
    send.complete();
    waiter.join();
    assertSame(Thread.currentThread(), ranOn.get());
  }

  @Test
  void nobodyIsWokenWhereNobodyWaits() {
    assertFalse(send.future.isAwaitedAlone());
    send.receipt = RECEIPT;
    send.complete();
    assertSame(RECEIPT, send.future.join());
  }

  @Test
  void aFailureComesAsOfAnyFuture() throws InterruptedException {
    AtomicReference<Throwable> got = new AtomicReference<>();
    Thread waiter =
        waiting(() -> got.set(assertThrows(CompletionException.class, send.future::join)));
    SendException failure =
        new SendException(new Unconfirmed(Outcome.UNKNOWN, "id", 1), "cut", null);
    send.failure = failure;
    assertTrue(send.future.isAwaitedAlone());
    assertTrue(send.future.wakeWaiter());
    waiter.join();
    assertSame(failure, Objects.requireNonNull(got.get()).getCause());
    assertSame(failure, assertThrows(ExecutionException.class, send.future::get).getCause());
  }

  @Test
  void aWaitThatIsOverLeavesItToOthers() {
    assertThrows(TimeoutException.class, () -> send.future.get(1, TimeUnit.MILLISECONDS));
    assertFalse(send.future.isAwaitedAlone());
    assertFalse(send.future.wakeWaiter());
  }

  @Test
  void anInterruptEndsGetAndNotJoin() throws InterruptedException {
    AtomicReference<Object> got = new AtomicReference<>();
    Thread getting =
        waiting(() -> got.set(assertThrows(InterruptedException.class, send.future::get)));
    getting.interrupt();
    getting.join();
    assertInstanceOf(InterruptedException.class, got.get());
    Thread joining = waiting(() -> got.set(send.future.join()));
    joining.interrupt();
    await(() -> !send.future.isAwaitedAlone());
    send.receipt = RECEIPT;
    send.complete();
    joining.join();
    assertSame(RECEIPT, got.get());
  }

  @Test
  void whoeverElseCompletesItWakesTheWaiterToo() throws InterruptedException {
    AtomicReference<Object> got = new AtomicReference<>();
    Thread waiter =
        waiting(() -> got.set(assertThrows(CancellationException.class, send.future::join)));
    assertTrue(send.future.cancel(false));
    waiter.join();
    assertInstanceOf(CancellationException.class, got.get());
  }

  @Test
  void aSecondWaiterIsServedByTheFirst() throws InterruptedException {
    Thread first = waiting(send.future::join);
    Thread second = new Thread(send.future::join);
    second.start();
    await(() -> send.future.getNumberOfDependents() == 1);
    assertFalse(send.future.isAwaitedAlone());
    send.receipt = RECEIPT;
    send.complete();
    first.join();
    second.join();
    assertTrue(send.future.isDone());
  }

  @Test
  void itIsCompletedOnce() {
    send.receipt = RECEIPT;
    send.complete();
    send.complete();
    CompletableFuture<Receipt> copy = send.future.copy();
    assertSame(RECEIPT, copy.join());
    assertFalse(send.future.complete(RECEIPT));
  }

  private Thread waiting(Runnable wait) {
    Thread thread = new Thread(wait);
    thread.start();
    await(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  private static void await(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
