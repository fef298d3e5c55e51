// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.gap.GapStore;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.testkit.GapStoreConformance;

/** What was completed, kept in memory. */
final class InMemoryGapStoreConformanceTest extends GapStoreConformance {
  private static final GapStore SHARED = new InMemoryGapStore();

  @Override
  protected GapStore open() {
    return SHARED;
  }
}
