// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeasedLocksTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration AT_ONCE = Duration.ZERO;

  /** A store whose clock stands still: what is taken is taken until it is given back. */
  private static final class Store implements LockLeases {
    final Map<String, LockLease> leases = new HashMap<>();
    final AtomicInteger renewals = new AtomicInteger();
    private long token;
    private boolean down;
    private boolean interrupts;

    @Override
    public synchronized Optional<LockLease> take(String name, String owner, Duration length) {
      demandUp();
      if (leases.containsKey(name)) {
        return Optional.empty();
      }
      token++;
      LockLease lease = new LockLease(name, owner, token);
      leases.put(name, lease);
      if (interrupts) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the answer was not waited for");
      }
      return Optional.of(lease);
    }

    private void demandUp() {
      if (down) {
        throw new IllegalStateException("down");
      }
    }

    @Override
    public synchronized boolean renew(LockLease lease, Duration length) {
      renewals.incrementAndGet();
      demandUp();
      return lease.equals(leases.get(lease.name()));
    }

    @Override
    public synchronized void giveBack(LockLease lease) {
      demandUp();
      LockLease held = leases.get(lease.name());
      if (held != null && held.owner().equals(lease.owner())) {
        leases.remove(lease.name());
      }
    }

    synchronized void isDown(boolean now) {
      down = now;
    }

    synchronized void forget() {
      leases.clear();
    }
  }

  private final Store store = new Store();
  private final AtomicLong now = new AtomicLong();
  private final LeasedLocks locks = LeasedLocks.unswept(store, LEASE, now::get);
  private final AtomicInteger lost = new AtomicInteger();

  private HeldLock taken(String name) {
    HeldLock lock = asked(name).orElseThrow();
    lock.onLost(lost::incrementAndGet);
    return lock;
  }

  private Optional<HeldLock> asked(String name) {
    try {
      return locks.take(name, AT_ONCE);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void later(long seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    locks.sweep();
  }

  @Test
  void oneHoldsItUntilItIsGivenBackAndTokensGrow() {
    HeldLock first = taken("u1");
    assertTrue(first.isHeld());
    assertEquals(Optional.empty(), asked("u1"));
    assertTrue(taken("u2").isHeld(), "another name is free");
    first.close();
    assertFalse(first.isHeld());
    assertTrue(taken("u1").token() > first.token());
    first.close(); // once more does nothing to the next holder
    assertEquals(Optional.empty(), asked("u1"));
    assertEquals(0, lost.get());
  }

  @Test
  void itIsRenewedAfterAThirdAndHeldForAsLongAsThatGoesWell() {
    HeldLock lock = taken("u1");
    later(9);
    assertEquals(0, store.renewals.get());
    for (int i = 1; i <= 20; i++) {
      later(10);
      assertEquals(i, store.renewals.get());
      assertTrue(lock.isHeld());
    }
    assertEquals(0, lost.get());
  }

  @Test
  void aStoreThatIsDownIsAskedAgainUntilASixthBeforeTheEnd() {
    HeldLock lock = taken("u1");
    store.isDown(true);
    later(10);
    later(1);
    later(13);
    assertEquals(3, store.renewals.get());
    assertTrue(lock.isHeld());
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertFalse(lock.isHeld(), "by its own counter, before anybody looked");
    assertEquals(0, lost.get());
    locks.sweep();
    assertEquals(1, lost.get());
    assertEquals(3, store.renewals.get(), "what is lost is renewed no more");
    store.isDown(false);
    later(1);
    assertFalse(lock.isHeld(), "it stays lost");
    assertEquals(1, lost.get());
  }

  @Test
  void aStoreThatComesBackInTimeLosesNothing() {
    HeldLock lock = taken("u1");
    store.isDown(true);
    later(24);
    store.isDown(false);
    later(0);
    later(24);
    assertTrue(lock.isHeld());
    assertEquals(0, lost.get());
  }

  @Test
  void whoStoodStillKnowsItAtOnceAndGivesBackWhatNobodyTook() {
    HeldLock lock = taken("u1");
    now.addAndGet(LEASE.toNanos());
    assertFalse(lock.isHeld());
    locks.sweep();
    assertEquals(1, lost.get());
    assertTrue(taken("u1").isHeld(), "others need not wait for the store's clock");
  }

  @Test
  void whatTheStoreForgotOrGaveToAnotherIsLost() {
    HeldLock lock = taken("u1");
    store.forget();
    HeldLock next = taken("u1");
    later(10);
    assertFalse(lock.isHeld());
    assertTrue(next.isHeld());
    assertEquals(1, lost.get());
    assertEquals(1, store.leases.size(), "the loser gave nothing back that is another's");
    lock.onLost(lost::incrementAndGet);
    assertEquals(2, lost.get(), "who asks later is told at once");
  }

  @Test
  void aListenerThatFailsKeepsNoOtherFromBeingTold() {
    HeldLock lock = taken("u1");
    lock.onLost(
        () -> {
          throw new IllegalStateException("a listener's own");
        });
    lock.onLost(lost::incrementAndGet);
    HeldLock other = taken("u2");
    store.forget();
    later(10);
    assertEquals(3, lost.get());
    assertFalse(other.isHeld());
  }

  @Test
  void whoWaitsGetsItWhenItIsGivenBack() {
    LeasedLocks swept = LeasedLocks.in(store, LEASE);
    HeldLock first = taken("u1");
    CompletableFuture<HeldLock> second = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                second.complete(swept.take("u1", Duration.ofMinutes(1)).orElseThrow());
              } catch (InterruptedException | RuntimeException failure) {
                second.completeExceptionally(failure);
              }
            });
    waiting.start();
    first.close();
    assertTrue(second.join().isHeld());
    swept.close();
    assertFalse(second.join().isHeld());
    assertTrue(taken("u1").isHeld());
  }

  @Test
  void whoIsInterruptedHoldsNothing() {
    HeldLock first = taken("u1");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> locks.take("u1", Duration.ofMinutes(1)));
    first.close();
    assertTrue(taken("u1").isHeld());
  }

  @Test
  void whoIsInterruptedWhileTheStoreAnswersGivesBackWhatItMayHave() {
    store.interrupts = true;
    InterruptedException interrupted =
        assertThrows(InterruptedException.class, () -> locks.take("u1", Duration.ofMinutes(1)));
    assertEquals(1, interrupted.getSuppressed().length, "what the store said");
    assertTrue(store.leases.isEmpty());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void closingGivesAllBackAndTakesNothingMore() {
    HeldLock lock = taken("u1");
    locks.close();
    assertFalse(lock.isHeld());
    assertTrue(store.leases.isEmpty());
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, () -> locks.take("u1", AT_ONCE));
    assertEquals("Taking the lock of u1: these locks are closed", closed.getMessage());
    assertEquals(0, lost.get(), "nothing was lost");
  }

  @Test
  void aStoreThatCannotGiveBackIsNotTheHoldersTrouble() {
    HeldLock lock = taken("u1");
    store.isDown(true);
    lock.close();
    assertFalse(lock.isHeld());
    assertThrows(IllegalStateException.class, () -> locks.take("u2", AT_ONCE));
  }

  @Test
  void aLeaseBelowASecondAndANameWithoutLettersAreRefused() {
    IllegalArgumentException tooShort =
        assertThrows(
            IllegalArgumentException.class, () -> LeasedLocks.in(store, Duration.ofMillis(999)));
    assertEquals("A lease of PT0.999S for locks: it takes PT1S at least", tooShort.getMessage());
    assertThrows(IllegalArgumentException.class, () -> locks.take(" ", AT_ONCE));
  }
}
