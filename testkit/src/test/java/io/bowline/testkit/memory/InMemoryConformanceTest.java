// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.TransportConformance;
import java.time.Duration;

final class InMemoryConformanceTest extends TransportConformance {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("conformance", Duration.ofSeconds(10));
  }
}
