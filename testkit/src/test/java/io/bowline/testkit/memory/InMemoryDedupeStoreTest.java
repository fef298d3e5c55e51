// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.dedupe.DedupeStore;
import io.bowline.testkit.DedupeStoreConformance;
import java.time.Duration;

/** What took effect, remembered in memory. */
final class InMemoryDedupeStoreTest extends DedupeStoreConformance {
  private static final InMemoryDedupeStore SHARED = new InMemoryDedupeStore();

  @Override
  protected DedupeStore open(Duration lease) {
    return SHARED.lease(lease);
  }
}
