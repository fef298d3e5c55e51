// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.memory.InMemoryIdBlocks;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Stores of id blocks with one defect each. */
final class BrokenIdBlocks {
  private BrokenIdBlocks() {}

  /** The kit on one store, which outlives the process that opened it. */
  private abstract static class SharedStore extends IdBlocksConformance {
    private final IdBlocks shared;

    SharedStore(IdBlocks shared) {
      this.shared = shared;
    }

    @Override
    protected IdBlocks open(String counter) {
      return shared;
    }
  }

  @CaughtBy({"processesReserveDifferentNumbers", "theNextProcessGoesOnAboveTheLast"})
  static final class ForgetsNumbersWithItsProcess extends IdBlocksConformance {
    @Override
    protected IdBlocks open(String counter) {
      return new InMemoryIdBlocks();
    }
  }

  @CaughtBy({"blocksOfOneProcessRise", "processesReserveDifferentNumbers"})
  static final class GivesTheLastNumberTwice extends SharedStore {
    GivesTheLastNumberTwice() {
      super(
          new IdBlocks() {
            private final InMemoryIdBlocks behind = new InMemoryIdBlocks();

            @Override
            public IdBlock reserve(int most) {
              return new IdBlock(behind.reserve(most).first(), most + 1);
            }
          });
    }
  }

  @CaughtBy("blocksOfOneProcessRise")
  static final class CountsDown extends SharedStore {
    CountsDown() {
      super(
          new IdBlocks() {
            private final AtomicLong last = new AtomicLong(1L << 40);

            @Override
            public IdBlock reserve(int most) {
              return new IdBlock(last.addAndGet(-most), most);
            }
          });
    }
  }

  /** Counts blocks instead of numbers. */
  @CaughtBy("blocksOfSeveralSizesLieApart")
  static final class MultipliesByTheSize extends SharedStore {
    MultipliesByTheSize() {
      super(
          new IdBlocks() {
            private final AtomicLong blocks = new AtomicLong();

            @Override
            public IdBlock reserve(int most) {
              return new IdBlock(blocks.getAndIncrement() * most + 1, most);
            }
          });
    }
  }

  @CaughtBy("theLargestBlockCanBeAskedFor")
  static final class KeepsTheSizeInSixteenBits extends SharedStore {
    KeepsTheSizeInSixteenBits() {
      super(
          new IdBlocks() {
            private final InMemoryIdBlocks behind = new InMemoryIdBlocks();

            @Override
            public IdBlock reserve(int most) {
              return new IdBlock(behind.reserve((char) most).first(), most);
            }
          });
    }
  }

  @CaughtBy("threadsAndProcessesAtOnceReserveDifferentNumbers")
  static final class LosesRacesOfNumbers extends SharedStore {
    LosesRacesOfNumbers() {
      super(
          new IdBlocks() {
            private volatile long next = 1;

            @Override
            public IdBlock reserve(int most) {
              long first = next;
              LockSupport.parkNanos(100_000);
              next = first + most;
              return new IdBlock(first, most);
            }
          });
    }
  }
}
