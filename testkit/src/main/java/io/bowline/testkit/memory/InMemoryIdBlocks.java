// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.id.IdBlock;
import io.bowline.id.IdBlocks;
import java.util.concurrent.atomic.AtomicLong;

/** Reserves numbers in memory, for tests: each once in this JVM. Thread-safe. */
public final class InMemoryIdBlocks implements IdBlocks {
  private final AtomicLong next = new AtomicLong(1);

  /** Begins with 1. */
  public InMemoryIdBlocks() {}

  @Override
  public IdBlock reserve(int most) {
    return new IdBlock(next.getAndAdd(most), most);
  }
}
