// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.id.WorkerLeases;
import io.bowline.testkit.WorkerLeasesConformance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Worker ids that are lent in memory. */
final class InMemoryWorkerLeasesTest extends WorkerLeasesConformance {
  private static final Map<String, WorkerLeases> SHARED = new ConcurrentHashMap<>();

  @Override
  protected WorkerLeases open(String name) {
    return SHARED.computeIfAbsent(name, first -> new InMemoryWorkerLeases());
  }
}
