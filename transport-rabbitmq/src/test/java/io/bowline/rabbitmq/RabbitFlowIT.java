// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.FlowConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;

/**
 * Pauses, hangs and circuits, past the time after which RabbitMQ takes a silent connection for
 * dead. Its consumer timeout, which it looks at once a minute, takes longer than a test should.
 */
final class RabbitFlowIT extends FlowConformance {
  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rabbitmq()) {
      @Override
      public TransportConfig config() {
        return super.config().properties(Map.of("heartbeat", "2"));
      }

      @Override
      public Duration lease() {
        return Duration.ofSeconds(6);
      }
    };
  }
}
