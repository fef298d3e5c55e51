// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Locks of a store that says by itself which leases are over. */
final class TalkativeLockLeasesTest {

  /** Lends to everybody, and remembers. */
  private static final class Store implements LockLeases {
    final List<LockLease> lent = new ArrayList<>();
    final List<LockLease> back = new ArrayList<>();
    final List<Consumer<LockLease>> told = new ArrayList<>();

    @Override
    public Optional<LockLease> take(String name, String owner, Duration length) {
      LockLease lease = new LockLease(name, owner, lent.size() + 1L);
      lent.add(lease);
      return Optional.of(lease);
    }

    @Override
    public boolean renew(LockLease lease, Duration length) {
      return true;
    }

    @Override
    public void giveBack(LockLease lease) {
      back.add(lease);
    }

    @Override
    public Runnable tellWhatIsOver(Consumer<LockLease> over) {
      told.add(over);
      return () -> told.remove(over);
    }

    void isOver(LockLease lease) {
      List.copyOf(told).forEach(over -> over.accept(lease));
    }
  }

  private final Store store = new Store();
  private final LeasedLocks locks = LeasedLocks.unswept(store, Duration.ofSeconds(30), () -> 0);
  private final AtomicInteger lost = new AtomicInteger();

  private HeldLock taken(String name) throws InterruptedException {
    HeldLock lock = locks.take(name, Duration.ZERO).orElseThrow();
    lock.onLost(lost::incrementAndGet);
    return lock;
  }

  @Test
  void whatIsOverIsLostAtOnceAndNothingElse() throws InterruptedException {
    HeldLock lock = taken("u1");
    HeldLock later = taken("u1");
    HeldLock other = taken("u2");
    store.isOver(store.lent.get(0));
    store.isOver(store.lent.get(0));
    assertFalse(lock.isHeld());
    assertEquals(1, lost.get());
    assertEquals(List.of(store.lent.get(0)), store.back);
    assertTrue(later.isHeld());
    assertTrue(other.isHeld());
  }

  @Test
  void whoClosesItsLocksIsToldNothingMore() throws InterruptedException {
    HeldLock lock = taken("u1");
    Consumer<LockLease> told = store.told.get(0);
    locks.close();
    assertEquals(List.of(), store.told);
    told.accept(store.lent.get(0));
    assertFalse(lock.isHeld());
    assertEquals(0, lost.get(), "it was closed, not lost");
  }
}
