// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.HandlerFaults;
import java.time.Duration;

/** The kit of handlers that misbehave on the in-memory broker. */
final class InMemoryHandlerFaultsTest extends HandlerFaults {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("handler-faults", Duration.ofSeconds(12));
  }
}
