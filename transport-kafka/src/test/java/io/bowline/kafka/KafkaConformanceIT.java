// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.TransportConformance;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.util.Map;

/** The kit on a real broker, with the classic group protocol and cooperative rebalances. */
final class KafkaConformanceIT extends TransportConformance {

  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.kafka()) {
      @Override
      public TransportConfig config() {
        return super.config()
            .properties(Map.of("session.timeout.ms", "10000", "heartbeat.interval.ms", "500"));
      }
    };
  }
}
