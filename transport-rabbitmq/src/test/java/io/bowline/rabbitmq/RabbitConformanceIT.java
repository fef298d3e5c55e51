// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.TransportConformance;
import io.bowline.testkit.servers.Servers;

final class RabbitConformanceIT extends TransportConformance {
  @Override
  protected BrokerFixture broker() {
    return BrokerFixture.of(Servers.rabbitmq());
  }
}
