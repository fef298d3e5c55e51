// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.GapConformance;
import java.time.Duration;

/** What is lost is named, without a broker. */
final class InMemoryGapTest extends GapConformance {
  @Override
  protected BrokerFixture broker() {
    return new InMemoryFixture("gaps", Duration.ofSeconds(30));
  }
}
