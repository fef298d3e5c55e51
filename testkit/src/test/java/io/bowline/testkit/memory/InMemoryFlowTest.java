// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.FlowConformance;
import java.time.Duration;

/** What holds messages back, without a broker. */
final class InMemoryFlowTest extends FlowConformance {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("flow", Duration.ofSeconds(20));
  }
}
