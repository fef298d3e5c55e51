// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class PartitionProgressTest {
  private final PartitionProgress progress = new PartitionProgress(1);

  @Test
  void nothingIsCommittableBeforeSomethingSucceeded() {
    assertEquals(OptionalLong.empty(), progress.committable());
    progress.handedOut(5, 1);
    assertEquals(OptionalLong.empty(), progress.committable());
  }

  @Test
  void theOldestOpenOffsetPinsTheCommit() {
    progress.handedOut(5, 1);
    progress.handedOut(6, 1);
    progress.handedOut(7, 1);
    assertTrue(progress.succeeded(1, 6));
    assertEquals(OptionalLong.empty(), progress.committable());
    assertTrue(progress.succeeded(1, 5));
    assertEquals(OptionalLong.of(7), progress.committable());
  }

  @Test
  void holesAreSteppedOver() {
    progress.handedOut(5, 1);
    progress.handedOut(9, 1);
    progress.succeeded(1, 5);
    assertEquals(OptionalLong.of(9), progress.committable());
    progress.succeeded(1, 9);
    progress.nothingBefore(14);
    assertEquals(OptionalLong.of(14), progress.committable());
  }

  @Test
  void whatIsCommittedIsNotCommittableAgain() {
    progress.handedOut(5, 1);
    progress.succeeded(1, 5);
    progress.committed(6);
    assertEquals(OptionalLong.empty(), progress.committable());
  }

  @Test
  void anotherAssignmentsDeliveryDoesNotCount() {
    progress.handedOut(5, 1);
    assertFalse(progress.succeeded(0, 5));
    assertEquals(OptionalLong.empty(), progress.committable());
    assertTrue(progress.isOpen(1, 5));
  }

  @Test
  void aDeliverySucceedsOnce() {
    progress.handedOut(5, 1);
    assertTrue(progress.succeeded(1, 5));
    assertFalse(progress.succeeded(1, 5));
  }

  @Test
  void theCommitNeverFalls() {
    progress.handedOut(5, 1);
    progress.succeeded(1, 5);
    progress.committed(6);
    progress.handedOut(3, 1);
    assertEquals(OptionalLong.empty(), progress.committable());
  }

  @Test
  void theSpanCountsFromTheOldestOpenOffset() {
    assertEquals(0, progress.span());
    progress.handedOut(5, 1);
    progress.handedOut(20, 1);
    progress.succeeded(1, 20);
    assertEquals(16, progress.span());
    progress.succeeded(1, 5);
    assertEquals(0, progress.span());
  }

  @Test
  void openOffsetsTellTheirLastAttempt() {
    progress.handedOut(5, 1);
    progress.handedOut(6, 1);
    progress.handedOut(5, 2);
    progress.succeeded(1, 6);
    assertEquals(Map.of(5L, 2), progress.open());
  }

  @Test
  void nothingUnprocessedIsEverBelowACommit() {
    long seed = Long.getLong("bowline.seed", System.nanoTime());
    LoggerFactory.getLogger("io.bowline.seed").info("-Dbowline.seed={} repeats this", seed);
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      new World(random, "seed " + seed + " run " + run).play();
    }
  }

  /** A partition with holes, read by one assignment after another, each from the commit on. */
  private static final class World {
    private final Random random;
    private final String name;
    private final List<Long> records = new ArrayList<>();
    private final TreeSet<Long> unprocessed;
    private final List<Long> open = new ArrayList<>();
    private PartitionProgress progress = new PartitionProgress(1);
    private long committed;
    private int next;

    World(Random random, String name) {
      this.random = random;
      this.name = name;
      long offset = random.nextInt(3);
      for (int i = 0; i < 60; i++) {
        records.add(offset);
        offset += 1 + Math.max(0, random.nextInt(8) - 4);
      }
      unprocessed = new TreeSet<>(records);
    }

    void play() {
      for (int step = 0; step < 400; step++) {
        step();
        progress.committable().ifPresent(this::check);
      }
      while (next < records.size()) {
        handOut();
      }
      List.copyOf(open).forEach(this::succeed);
      commit();
      assertEquals(records.get(records.size() - 1) + 1, committed, name);
      assertEquals(0, unprocessed.size(), name);
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> handOut();
        case 4, 5, 6, 7 -> {
          if (!open.isEmpty()) {
            succeed(open.get(random.nextInt(open.size())));
          }
        }
        case 8 -> open.stream().findAny().ifPresent(offset -> progress.handedOut(offset, 2));
        case 9, 10 -> commit();
        default -> {
          if (random.nextInt(10) == 0) {
            assignAnew();
          }
        }
      }
    }

    private void handOut() {
      if (next < records.size()) {
        long offset = records.get(next++);
        progress.handedOut(offset, 1);
        open.add(offset);
      }
    }

    private void succeed(Long offset) {
      assertTrue(progress.succeeded(progress.epoch(), offset), name);
      open.remove(offset);
      unprocessed.remove(offset);
    }

    private void commit() {
      OptionalLong offset = progress.committable();
      if (offset.isPresent()) {
        assertTrue(offset.getAsLong() > committed, () -> name + ": fell to " + offset);
        committed = offset.getAsLong();
        progress.committed(committed);
      }
    }

    private void check(long offset) {
      Long lowest = unprocessed.isEmpty() ? Long.MAX_VALUE : unprocessed.first();
      assertTrue(offset <= lowest, () -> name + ": " + offset + " would skip " + lowest);
    }

    private void assignAnew() {
      PartitionProgress old = progress;
      progress = new PartitionProgress(old.epoch() + 1);
      open.forEach(offset -> assertFalse(progress.succeeded(old.epoch(), offset), name));
      open.clear();
      next = 0;
      while (next < records.size() && records.get(next) < committed) {
        next++;
      }
      List<Long> again = records.subList(next, records.size());
      // Whatever is read again was, for this model, not processed.
      unprocessed.addAll(again);
    }
  }
}
