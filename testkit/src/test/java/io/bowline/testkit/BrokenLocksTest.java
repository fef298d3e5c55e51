// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit of locks goes red on each that is broken; that it is green on what is healthy, {@code
 * InMemoryKeyLockTest} shows.
 */
final class BrokenLocksTest {
  private static BrokenOnes all;

  @BeforeAll
  static void runTheKitOnAll() {
    all = BrokenOnes.of(KeyLockConformance.class, BrokenLocks.class, BrokenLockStores.class);
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenOneIsCaught() {
    return all.eachIsCaught();
  }

  @Test
  void everyBehaviourCatchesSomething() {
    all.assertEveryBehaviourCatchesSomething();
  }
}
