// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.id.BlockIdsBuilder;
import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What a store of id blocks must do, each behaviour a test. Each uses a counter of its own.
 *
 * <pre>{@code
 * final class MyIdBlocksIT extends IdBlocksConformance {
 *   @Override
 *   protected IdBlocks open(String counter) {
 *     return new MyIdBlocks(database, counter);
 *   }
 * }
 * }</pre>
 */
public abstract class IdBlocksConformance {
  private static final int THREADS = 8;
  private static final int EACH = 50;

  private final String counter = "counter-" + UUID.randomUUID();

  /** For subclasses. */
  protected IdBlocksConformance() {}

  /**
   * A store as a process opens it: each call another one, on the same data, as the next process
   * would after the last one crashed. Whoever overrides this closes them.
   *
   * @param counter whose numbers it reserves; not known to the store before
   */
  protected abstract IdBlocks open(String counter);

  private IdBlocks open() {
    return open(counter);
  }

  private static IdBlock reserve(IdBlocks store, int most) {
    IdBlock block = store.reserve(most);
    assertTrue(block.count() <= most, () -> "asked for " + most + ": " + block);
    return block;
  }

  private static void assertApart(List<IdBlock> blocks) {
    List<IdBlock> sorted = new ArrayList<>(blocks);
    sorted.sort(Comparator.comparingLong(IdBlock::first));
    for (int i = 1; i < sorted.size(); i++) {
      IdBlock before = sorted.get(i - 1);
      IdBlock after = sorted.get(i);
      assertTrue(
          before.first() + before.count() <= after.first(), () -> before + " overlaps " + after);
    }
  }

  @Test
  final void blocksOfOneProcessRise() {
    IdBlocks store = open();
    long end = 1;
    for (int i = 0; i < 10; i++) {
      IdBlock block = reserve(store, 10);
      assertTrue(block.first() >= end, "begins below " + end + ": " + block);
      end = block.first() + block.count();
    }
  }

  @Test
  final void processesReserveDifferentNumbers() {
    IdBlocks one = open();
    IdBlocks two = open();
    List<IdBlock> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(reserve(one, 10));
      all.add(reserve(two, 10));
    }
    assertApart(all);
  }

  @Test
  final void theNextProcessGoesOnAboveTheLast() {
    List<IdBlock> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      IdBlock block = reserve(open(), 100);
      all.forEach(before -> assertTrue(before.first() < block.first(), before + ", " + block));
      all.add(block);
    }
    assertApart(all);
  }

  @Test
  final void blocksOfSeveralSizesLieApart() {
    IdBlocks one = open();
    IdBlocks two = open();
    List<IdBlock> all = new ArrayList<>();
    for (int size : new int[] {1, 1_000, 7, 2, 999, 1, 1, 5_000, 3}) {
      all.add(reserve(one, size));
      all.add(reserve(two, size));
      all.add(reserve(two, 10));
    }
    assertApart(all);
  }

  @Test
  final void theLargestBlockCanBeAskedFor() {
    IdBlocks store = open();
    List<IdBlock> all = new ArrayList<>();
    all.add(reserve(store, BlockIdsBuilder.MOST_NUMBERS));
    all.add(reserve(open(), BlockIdsBuilder.MOST_NUMBERS));
    all.add(reserve(store, 1));
    assertApart(all);
  }

  @Test
  final void threadsAndProcessesAtOnceReserveDifferentNumbers() throws Exception {
    List<IdBlocks> stores = List.of(open(), open());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<IdBlock>>> reserving = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        IdBlocks store = stores.get(i % 2);
        reserving.add(threads.submit(() -> blocks(store)));
      }
      List<IdBlock> all = new ArrayList<>();
      for (Future<List<IdBlock>> one : reserving) {
        all.addAll(one.get());
      }
      assertEquals(THREADS * EACH, all.size());
      assertApart(all);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<IdBlock> blocks(IdBlocks store) {
    List<IdBlock> blocks = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      blocks.add(reserve(store, 1 + i % 3));
    }
    return blocks;
  }
}
