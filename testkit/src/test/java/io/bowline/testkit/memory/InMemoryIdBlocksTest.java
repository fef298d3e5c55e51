// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.id.IdBlocks;
import io.bowline.testkit.IdBlocksConformance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers that are reserved in memory. */
final class InMemoryIdBlocksTest extends IdBlocksConformance {
  private static final Map<String, IdBlocks> SHARED = new ConcurrentHashMap<>();

  @Override
  protected IdBlocks open(String counter) {
    return SHARED.computeIfAbsent(counter, first -> new InMemoryIdBlocks());
  }
}
