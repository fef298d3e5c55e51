// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.lock.HeldLock;
import io.bowline.lock.KeyLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What locks of several processes must do, each behaviour a test. Each uses names of a realm of its
 * own.
 *
 * <pre>{@code
 * final class MyLockIT extends KeyLockConformance {
 *   @Override
 *   protected Opened open(String realm, Duration lease) {
 *     return SeverableLeases.process(new MyLockLeases(database, realm), lease);
 *   }
 * }
 * }</pre>
 */
public abstract class KeyLockConformance {
  private static final Duration AT_ONCE = Duration.ZERO;

  /** No machine is so slow that it ends. */
  private static final Duration LONG = Duration.ofMinutes(5);

  /** Ends within a test. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final int THREADS = 6;
  private static final int TURNS = 8;
  private static final long INSIDE_NANOS = 1_000_000;

  private final String realm = "locks-" + UUID.randomUUID();
  private final List<Opened> opened = new ArrayList<>();

  /** For subclasses. */
  protected KeyLockConformance() {}

  /**
   * Locks as a process opens them, and how it loses its store.
   *
   * @param locks the locks
   * @param sever from now on it reaches its store no more, as if a cable were pulled: nothing is
   *     kept, nothing is given back, and nobody tells the store
   */
  public record Opened(KeyLock locks, Runnable sever) {}

  /**
   * Locks as a process opens them: each call another process, on the same data.
   *
   * @param realm of the names that are locked; not known to the store before
   * @param lease how long a name stays locked, about, whose holder is gone
   */
  protected abstract Opened open(String realm, Duration lease);

  /** The longest wait for what must come, 60 s unless overridden: far longer than it takes. */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  private Opened process(Duration lease) {
    Opened process = open(realm, lease);
    opened.add(process);
    return process;
  }

  private KeyLock locks() {
    return process(LONG).locks;
  }

  /** Closes what a test opened. */
  @AfterEach
  final void closeAll() {
    opened.forEach(process -> process.locks.close());
  }

  private static Optional<HeldLock> asked(KeyLock locks, String name) throws InterruptedException {
    return locks.take(name, AT_ONCE);
  }

  private HeldLock taken(KeyLock locks, String name) throws InterruptedException {
    return locks.take(name, patience()).orElseThrow();
  }

  @Test
  final void oneProcessHoldsANameAndTheOthersDoNot() throws InterruptedException {
    KeyLock one = locks();
    KeyLock other = locks();
    HeldLock held = taken(one, "u1");
    assertTrue(held.isHeld());
    assertEquals("u1", held.name());
    assertEquals(Optional.empty(), asked(other, "u1"), "another process");
    assertEquals(Optional.empty(), asked(one, "u1"), "the same: it is not reentrant");
    assertTrue(taken(other, "u2").isHeld(), "another name is free");
    held.close();
    assertFalse(held.isHeld());
    assertTrue(taken(other, "u1").isHeld());
  }

  @Test
  final void tokensOnlyGrowFromOneHolderToTheNext() throws InterruptedException {
    List<KeyLock> processes = List.of(locks(), locks());
    long last = 0;
    for (int i = 0; i < 40; i++) {
      try (HeldLock held = taken(processes.get(i % 2), "u1")) {
        long before = last;
        assertTrue(held.token() > before, () -> held.token() + " after " + before);
        last = held.token();
      }
    }
    KeyLock later = locks();
    long before = last;
    assertTrue(taken(later, "u1").token() > before, "of a process that began later");
  }

  @Test
  final void neverDoTwoHoldItAtOnce() throws Exception {
    List<KeyLock> processes = List.of(locks(), locks());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger together = new AtomicInteger();
    List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
    CyclicBarrier start = new CyclicBarrier(THREADS);
    all(
        thread -> {
          for (int i = 0; i < TURNS; i++) {
            int unused = start.await(patience().toMillis(), TimeUnit.MILLISECONDS);
            try (HeldLock held = taken(processes.get(thread % 2), "u1")) {
              together.addAndGet(inside.incrementAndGet() - 1);
              tokens.add(held.token());
              LockSupport.parkNanos(INSIDE_NANOS);
              inside.decrementAndGet();
            }
          }
          return true;
        });
    assertEquals(0, together.get(), "met another one inside");
    assertEquals(THREADS * TURNS, tokens.size());
    assertEquals(tokens.stream().sorted().distinct().toList(), tokens, "tokens in their order");
  }

  /** A piece of work of the thread with this number. */
  private interface Work {
    boolean in(int thread) throws Exception;
  }

  private void all(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        Callable<Boolean> one = () -> work.in(number);
        all.add(threads.submit(one));
      }
      for (Future<Boolean> one : all) {
        assertTrue(one.get(patience().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  final void itIsHeldForLongerThanALeaseAsLongAsItsProcessLives() throws InterruptedException {
    KeyLock one = process(SHORT).locks;
    KeyLock other = process(SHORT).locks;
    HeldLock held = taken(one, "u1");
    assertEquals(Optional.empty(), other.take("u1", SHORT.multipliedBy(3)));
    assertTrue(held.isHeld());
  }

  @Test
  final void whoseProcessIsCutOffKnowsItBeforeAnotherHasTheLock() throws InterruptedException {
    Opened one = process(SHORT);
    KeyLock other = process(SHORT).locks;
    HeldLock held = taken(one.locks, "u1");
    CountDownLatch lost = new CountDownLatch(1);
    held.onLost(lost::countDown);
    one.sever.run();
    HeldLock next = taken(other, "u1");
    assertFalse(held.isHeld(), "both hold it");
    assertTrue(next.token() > held.token());
    assertTrue(lost.await(patience().toMillis(), TimeUnit.MILLISECONDS), "the loss is told");
    held.close();
    assertEquals(Optional.empty(), asked(locks(), "u1"), "the loser freed the next holder's lock");
    assertTrue(next.isHeld());
  }

  @Test
  final void closingALockTwiceFreesNobodyElses() throws InterruptedException {
    KeyLock one = locks();
    KeyLock other = locks();
    HeldLock held = taken(one, "u1");
    held.close();
    HeldLock next = taken(other, "u1");
    held.close();
    assertEquals(Optional.empty(), asked(one, "u1"));
    assertTrue(next.isHeld());
  }

  @Test
  final void closingTheLocksGivesAllBackAndIsNoLoss() throws InterruptedException {
    KeyLock one = locks();
    HeldLock held = taken(one, "u1");
    AtomicInteger lost = new AtomicInteger();
    held.onLost(lost::incrementAndGet);
    one.close();
    assertFalse(held.isHeld());
    assertEquals(0, lost.get());
    assertTrue(asked(locks(), "u1").isPresent(), "at once, not after a lease");
    assertThrows(IllegalStateException.class, () -> asked(one, "u2"));
  }

  @Test
  final void whoIsInterruptedWhileItWaitsHoldsNothing() throws InterruptedException {
    KeyLock one = locks();
    KeyLock other = locks();
    HeldLock held = taken(one, "u1");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> other.take("u1", patience()));
    held.close();
    assertTrue(taken(one, "u1").isHeld());
  }

  @Test
  final void namesAreToldApartWhateverTheyAre() throws InterruptedException {
    KeyLock one = locks();
    String longName = "n".repeat(5_000);
    List<String> names =
        List.of("u", "U", "u ", "ü", "u/1", "/u/1", "u{1}", "u:1", longName, longName + "n");
    for (String name : names) {
      assertTrue(asked(one, name).isPresent(), name);
    }
    KeyLock other = locks();
    for (String name : names) {
      assertEquals(Optional.empty(), asked(other, name), name);
    }
    Opened apart = open(realm + "-2", LONG);
    opened.add(apart);
    assertTrue(asked(apart.locks, "u").isPresent(), "another realm");
  }
}
