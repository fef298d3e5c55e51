// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.FlowConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;

/** Pauses, hangs and circuits, past the times after which Kafka takes a silent member for dead. */
final class KafkaFlowIT extends FlowConformance {
  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.kafka()) {
      @Override
      public TransportConfig config() {
        return super.config()
            .properties(
                Map.of(
                    "session.timeout.ms", "6000",
                    "heartbeat.interval.ms", "500",
                    "max.poll.interval.ms", "6000"));
      }

      @Override
      public Duration lease() {
        return Duration.ofSeconds(6);
      }
    };
  }
}
