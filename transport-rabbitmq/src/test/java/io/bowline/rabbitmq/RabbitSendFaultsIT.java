// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.SendFaults;
import io.bowline.testkit.servers.Servers;

/** What becomes of sends while a real broker and the network before it fail. */
final class RabbitSendFaultsIT extends SendFaults {
  @Override
  protected BrokerFixture broker() {
    return BrokerFixture.of(Servers.rabbitmq());
  }
}
