// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import io.bowline.message.Names;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks whose holder renews a lease, by one thread for all of them. Thread-safe.
 *
 * <p>A lease is renewed after a third of it. Its holder takes it for lost a sixth before its end,
 * counted from before the store was asked, since the counters of machines run at different speeds;
 * the store's clock alone says when another one may have it. Neither clock is compared with the
 * other, and neither may jump backwards in the store for longer than a lease.
 */
public final class LeasedLocks implements KeyLock {
  /** The default length of a lease: 30 s. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  /** The shortest lease: 1 s. A shorter one is lost by any pause. */
  public static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(LeasedLocks.class);

  private static final int RENEWED_AFTER = 3;
  private static final int MARGIN = 6;

  /** How often it is looked, and what could not be renewed is tried again. */
  private static final int SWEPT_AFTER = 30;

  /** Between two questions for a lock that others hold: longer from question to question. */
  private static final Duration FIRST_WAIT = Duration.ofMillis(10);

  private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

  private final LockLeases store;
  private final Duration length;
  private final LongSupplier nanos;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long renewedWithLeft;
  private final Runnable endOfTelling;
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(LeasedLocks::daemon);

  /** Whether the last renewal failed, and that was told. Of the keeper. */
  private boolean troubled;

  private LeasedLocks(LockLeases store, Duration length, LongSupplier nanos) {
    if (length.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException(
          "A lease of " + length + " for locks: it takes " + SHORTEST_LEASE + " at least");
    }
    this.store = store;
    this.length = length;
    this.nanos = nanos;
    renewedWithLeft = used().minus(length.dividedBy(RENEWED_AFTER)).toNanos();
    endOfTelling = store.tellWhatIsOver(this::over);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "bowline-locks");
    thread.setDaemon(true);
    return thread;
  }

  private Duration used() {
    return length.minus(length.dividedBy(MARGIN));
  }

  /** With leases of 30 s. */
  public static LeasedLocks in(LockLeases store) {
    return in(store, DEFAULT_LEASE);
  }

  /**
   * With leases of this length: for so long a name stays locked whose holder died.
   *
   * @throws IllegalArgumentException if it is below 1 s
   */
  public static LeasedLocks in(LockLeases store, Duration lease) {
    LeasedLocks locks = new LeasedLocks(store, lease, System::nanoTime);
    locks.start();
    return locks;
  }

  private void start() {
    long every = length.dividedBy(SWEPT_AFTER).toNanos();
    var unused = keeper.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.NANOSECONDS);
  }

  /** Swept by its test. */
  static LeasedLocks unswept(LockLeases store, Duration lease, LongSupplier nanos) {
    return new LeasedLocks(store, lease, nanos);
  }

  long nanos() {
    return nanos.getAsLong();
  }

  @Override
  public Optional<HeldLock> take(String name, Duration longest) throws InterruptedException {
    String checked = Names.required("name of a lock", name);
    String owner = UUID.randomUUID().toString();
    long until = nanos() + SteadyClock.nanos(longest);
    long wait = FIRST_WAIT.toNanos();
    while (true) {
      demandOpen(checked);
      long end = endIfGrantedNow();
      Optional<LockLease> got = asked(checked, owner);
      if (got.isPresent()) {
        return Optional.of(holds(got.get(), end));
      }
      long left = until - nanos();
      if (left <= 0) {
        return Optional.empty();
      }
      boolean unused = closed.await(Math.min(left, wait), TimeUnit.NANOSECONDS);
      wait = Math.min(2 * wait, LONGEST_WAIT.toNanos());
    }
  }

  /** Who is interrupted while the store is asked may have it; so it is given back at once. */
  private Optional<LockLease> asked(String name, String owner) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before the lock of " + name + " was asked for");
    }
    try {
      return store.take(name, owner, length);
    } catch (RuntimeException failure) {
      if (!Thread.interrupted()) {
        throw failure;
      }
      giveBack(new LockLease(name, owner, 0));
      InterruptedException interrupted =
          new InterruptedException("Interrupted while the lock of " + name + " was asked for");
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
  }

  private void demandOpen(String name) {
    if (closed.getCount() == 0) {
      throw new IllegalStateException("Taking the lock of " + name + ": these locks are closed");
    }
  }

  /** Counted from before the store was asked, so that it never ends later here than there. */
  private long endIfGrantedNow() {
    return nanos() + used().toNanos();
  }

  private Lease holds(LockLease granted, long end) {
    Lease lease = new Lease(this, granted, end);
    held.add(lease);
    if (closed.getCount() == 0) { // and the closing may have looked before
      lease.close();
      demandOpen(granted.name());
    }
    return lease;
  }

  /** Renews what is due, and tells what is lost. Of one thread. */
  void sweep() {
    for (Lease lease : held) {
      if (lease.left() <= 0) {
        lose(lease, "it could not be renewed in time, or this process stood still");
      } else if (lease.left() <= renewedWithLeft) {
        renew(lease);
      }
    }
  }

  private void renew(Lease lease) {
    try {
      long end = endIfGrantedNow();
      if (store.renew(lease.granted(), length)) {
        lease.lasts(end);
        troubled = false;
      } else if (held.contains(lease)) {
        lose(lease, "its lease ended and somebody else took it, or the store forgot it");
      }
    } catch (RuntimeException failure) {
      if (!troubled) {
        troubled = true;
        log.warn(
            "The lock of {} could not be renewed; it is tried again until its end in {} ms",
            lease.name(),
            TimeUnit.NANOSECONDS.toMillis(lease.left()),
            failure);
      }
    }
  }

  /** Told by the store, which may know it before its time. */
  private void over(LockLease granted) {
    for (Lease lease : held) {
      if (lease.granted().equals(granted)) {
        lose(lease, "its store says that it is over");
      }
    }
  }

  /** It may be the store's still, if only this process stood still: others need not wait. */
  private void lose(Lease lease, String why) {
    lease.lost(why);
    giveBack(lease);
  }

  void giveBack(Lease lease) {
    if (held.remove(lease)) {
      giveBack(lease.granted());
    }
  }

  private void giveBack(LockLease lease) {
    try {
      store.giveBack(lease);
    } catch (RuntimeException failure) {
      log.warn(
          "The lock of {} could not be given back; its lease ends by itself within {}",
          lease.name(),
          length,
          failure);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    endOfTelling.run();
    keeper.shutdownNow();
    held.forEach(Lease::close);
  }
}
