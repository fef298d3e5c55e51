// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.MessageIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ids of one store, drawn by four JVMs at once whose clocks differ by seconds, while one after the
 * other is killed and begun anew, or stands still for longer than a lease and goes on: no id is
 * drawn twice. 3 such faults, and 60 with {@code -Dbowline.long=true}.
 *
 * <pre>{@code
 * final class MyIdsIT extends IdsAcrossProcesses {
 *   public static final class Opening implements Opener { … }
 *   …
 * }
 * }</pre>
 */
public abstract class IdsAcrossProcesses {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int FAULTS = LONG ? 60 : 3;
  private static final int PROCESSES = 4;
  private static final long MOST_OF_ONE = 20_000;
  private static final long SOME = 300;
  private static final long PATIENCE_SECONDS = 120;
  private static final long[] SKEWS = {0, 1_700, -2_300, 9_000, -500};
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final String name = "ids-" + UUID.randomUUID();
  private final List<Drawing> all = new ArrayList<>();
  private @TempDir Path folder;

  /**
   * Opens ids in a process of its own. Its class is public, with a constructor without arguments.
   */
  public interface Opener {
    /**
     * Ids of this process.
     *
     * @param address of the store
     * @param name of what the processes share in it
     * @param clock the time of day of this process
     * @throws io.bowline.id.IdsUnavailable if that cannot be now; it is tried again
     */
    MessageIds open(String address, String name, Clock clock);
  }

  /** For subclasses. */
  protected IdsAcrossProcesses() {}

  /** What opens the ids in each process. */
  protected abstract Class<? extends Opener> opener();

  /** Where the store is. */
  protected abstract String address();

  /** How long a process stands still: longer than its lease, if ids are leased. 3 s by default. */
  protected Duration standstill() {
    return Duration.ofSeconds(3);
  }

  /** One process, and what it drew. */
  private static final class Drawing {
    final IdOrders orders;
    final AtomicLong drawn = new AtomicLong();
    final ChildJvm jvm;

    Drawing(IdOrders orders) {
      this.orders = orders;
      jvm = ChildJvm.start(IdProcess.class, orders, this::understood);
    }

    private boolean understood(String line) {
      boolean drew = line.startsWith(IdProcess.DREW);
      if (drew) {
        drawn.set(Long.parseLong(line.substring(IdProcess.DREW.length())));
      }
      return drew;
    }

    /** Waits until it drew some more, if it does not have all. */
    void awaitMore() {
      long goal = Math.min(drawn.get() + SOME, orders.most());
      until(orders + " draws, and said\n" + jvm.said(), () -> drawn.get() >= goal);
    }
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "In vain: " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private Drawing begin() {
    long skew = SKEWS[all.size() % SKEWS.length];
    Path file = folder.resolve("ids-" + all.size());
    Drawing begun =
        new Drawing(new IdOrders(opener().getName(), address(), name, skew, file, MOST_OF_ONE));
    all.add(begun);
    return begun;
  }

  @Test
  final void noIdIsDrawnTwiceByProcessesThatAreKilledStandStillAndBeginAnew() throws IOException {
    List<Drawing> running = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        running.add(begin());
      }
      for (int fault = 0; fault < FAULTS; fault++) {
        running.forEach(Drawing::awaitMore);
        int victim = random.nextInt(PROCESSES);
        if (fault % 3 == 2) {
          standStill(running, running.get(victim));
        } else {
          running.get(victim).jvm.kill();
          running.set(victim, begin());
        }
      }
      running.forEach(Drawing::awaitMore);
      running.forEach(this::leave);
    } finally {
      all.forEach(one -> one.jvm.kill());
    }
    checkFiles();
  }

  private void standStill(List<Drawing> running, Drawing victim) {
    victim.jvm.signal("STOP");
    long end = System.nanoTime() + standstill().toNanos();
    // Another one may get what it held, while its clock and its counter go on and it does not.
    running.get((running.indexOf(victim) + 1) % PROCESSES).jvm.kill();
    running.set((running.indexOf(victim) + 1) % PROCESSES, begin());
    until("it stood still for long", () -> System.nanoTime() > end);
    victim.jvm.signal("CONT");
  }

  private void leave(Drawing one) {
    one.jvm.tell(IdProcess.LEAVE);
    boolean ended = one.jvm.endsWithin(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    assertTrue(ended && one.jvm.status() == 0, () -> one.orders + " said\n" + one.jvm.said());
  }

  /** The last line of one that was killed may be a part of an id, and nobody sent that. */
  private void checkFiles() throws IOException {
    HashSet<String> ids = new HashSet<>();
    long drawn = 0;
    for (Drawing one : all) {
      String text = Files.readString(one.orders.file());
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      for (String id : lines) {
        assertTrue(ids.add(id), () -> "drawn twice: " + id + ", by " + one.orders);
      }
      drawn += lines.size();
    }
    assertEquals(drawn, ids.size());
    assertTrue(drawn >= PROCESSES * SOME, "only " + drawn + " ids were drawn");
  }
}
