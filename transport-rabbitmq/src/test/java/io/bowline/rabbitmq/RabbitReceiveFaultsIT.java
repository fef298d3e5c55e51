// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.ReceiveFaults;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.util.Map;

/** What becomes of work while members, a real broker and the network before it fail. */
final class RabbitReceiveFaultsIT extends ReceiveFaults {
  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rabbitmq()) {
      @Override
      public TransportConfig config() {
        return super.config().properties(Map.of("heartbeat", "3"));
      }
    };
  }
}
