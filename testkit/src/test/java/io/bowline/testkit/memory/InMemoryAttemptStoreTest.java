// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.attempt.AttemptStore;
import io.bowline.testkit.AttemptStoreConformance;

/** Attempts that are counted in memory. */
final class InMemoryAttemptStoreTest extends AttemptStoreConformance {
  private static final AttemptStore SHARED = new InMemoryAttemptStore();

  @Override
  protected AttemptStore open() {
    return SHARED;
  }
}
