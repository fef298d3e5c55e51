// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.DeadLetterConformance;
import io.bowline.testkit.servers.Servers;

/** Messages that cannot be processed, and their replay, on a real broker. */
final class KafkaDeadLettersIT extends DeadLetterConformance {
  @Override
  protected BrokerFixture broker() {
    return BrokerFixture.of(Servers.kafka());
  }
}
