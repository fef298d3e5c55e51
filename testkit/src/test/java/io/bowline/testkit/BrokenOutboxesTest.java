// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit of outboxes is itself right: red on each broken one. That it is green on what is healthy,
 * {@code InMemoryOutboxStoreTest} shows.
 */
final class BrokenOutboxesTest {
  private static BrokenOnes all;

  @BeforeAll
  static void runTheKitOnAll() {
    all = BrokenOnes.of(OutboxStoreConformance.class, BrokenOutboxes.class);
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenOneIsCaught() {
    return all.eachIsCaught();
  }
}
