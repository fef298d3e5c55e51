// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.lock.LockLeases;
import io.bowline.testkit.KeyLockConformance;
import io.bowline.testkit.SeverableLeases;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kit on what must pass it. */
final class InMemoryKeyLockTest extends KeyLockConformance {
  private final Map<String, LockLeases> stores = new ConcurrentHashMap<>();

  @Override
  protected Opened open(String realm, Duration lease) {
    return SeverableLeases.process(
        stores.computeIfAbsent(realm, first -> new InMemoryLockLeases()), lease);
  }
}
