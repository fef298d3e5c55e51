// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.SendFaults;
import io.bowline.testkit.servers.Servers;

/** What becomes of sends while a real broker and the network before it fail. */
final class KafkaSendFaultsIT extends SendFaults {
  @Override
  protected BrokerFixture broker() {
    return BrokerFixture.of(Servers.kafka());
  }
}
