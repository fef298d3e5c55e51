// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.transport.Receipt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of {@code send} gets. A thread that waits in it, with nothing chained to it, is
 * woken by the client's thread itself, and completes it: over the thread for callbacks there would
 * be one thread more to wake for each message, which costs who waits for each receipt a quarter of
 * his time.
 */
final class SendFuture extends CompletableFuture<Receipt> {
  private static final VarHandle WAITER = waiterHandle();

  /** How often who waits looks whether somebody else completed it unheard, in nanoseconds: 1 s. */
  private static final long LOOK_NANOS = 1_000_000_000L;

  /** Null once it is completed: who keeps a future is not to keep its message. */
  private @Nullable PendingSend send;

  private volatile @Nullable Thread waiter;

  /** Whether its send has ended, and it is left to who waits. */
  private volatile boolean ended;

  SendFuture(PendingSend send) {
    this.send = send;
  }

  private static VarHandle waiterHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(SendFuture.class, "waiter", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  void forgetSend() {
    send = null;
  }

  /** Another future of this kind would have no send. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }

  /**
   * Whether a thread waits in it and nothing is chained to it: then it may be left to {@link
   * #wakeWaiter}.
   */
  boolean isAwaitedAlone() {
    return waiter != null && getNumberOfDependents() == 0;
  }

  /** Its send has ended: wakes who waits, who completes it; false if nobody does any more. */
  boolean wakeWaiter() {
    ended = true; // before the look at who waits: who leaves looks the other way
    Thread waits = waiter;
    if (waits != null) {
      LockSupport.unpark(waits);
    }
    return waits != null;
  }

  @Override
  public Receipt join() {
    await(Long.MAX_VALUE);
    return super.join();
  }

  @Override
  public Receipt get() throws InterruptedException, ExecutionException {
    await(Long.MAX_VALUE);
    return super.get();
  }

  @Override
  public Receipt get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    long longest = unit.toNanos(timeout);
    await(longest);
    return super.get(longest - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
  }

  /** Returns early where another waits so, or on an interrupt: then the usual way is gone. */
  private void await(long nanos) {
    Thread me = Thread.currentThread();
    PendingSend waitsFor = send;
    // A pool of such threads makes others for those that wait, but only the usual way tells it.
    boolean usual = isDone() || me instanceof ForkJoinWorkerThread;
    if (waitsFor == null || usual || !WAITER.compareAndSet(this, null, me)) {
      return;
    }
    long start = System.nanoTime();
    long left = nanos;
    while (!ended && !isDone() && left > 0 && !me.isInterrupted()) {
      LockSupport.parkNanos(this, Math.min(left, LOOK_NANOS));
      left = nanos - (System.nanoTime() - start);
    }
    waiter = null; // before the look whether it has ended: who ends it looks the other way
    if (ended) {
      waitsFor.complete();
    }
  }

  @Override
  public boolean complete(Receipt receipt) {
    boolean first = super.complete(receipt);
    wake();
    return first;
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    boolean first = super.completeExceptionally(failure);
    wake();
    return first;
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    wake();
    return cancelled;
  }

  private void wake() {
    Thread waits = waiter;
    if (waits != null && waits != Thread.currentThread()) {
      LockSupport.unpark(waits);
    }
  }
}
