// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.SendFaults;
import java.time.Duration;

/** The kit of faults on the in-memory broker. */
final class InMemorySendFaultsTest extends SendFaults {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("send-faults", Duration.ofSeconds(12));
  }
}
