// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.DeadLetterConformance;
import java.time.Duration;

/** The kit of dead letters on the in-memory broker. */
final class InMemoryDeadLettersTest extends DeadLetterConformance {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("dead-letters", Duration.ofSeconds(12));
  }
}
