// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.HandlerFaults;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;

/**
 * Messages whose handlers misbehave, on a real broker. A handler outlasts the session, and the
 * longest time between polls: in the long tier by Kafka's own defaults.
 */
final class KafkaHandlerFaultsIT extends HandlerFaults {
  private static final Duration LEASE = Duration.ofSeconds(6);

  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.kafka()) {
      @Override
      public TransportConfig config() {
        String lease = "" + LEASE.toMillis();
        return Boolean.getBoolean("bowline.long")
            ? super.config()
            : super.config()
                .properties(Map.of("session.timeout.ms", lease, "max.poll.interval.ms", lease));
      }

      @Override
      public Duration lease() {
        return LEASE;
      }
    };
  }

  @Override
  protected boolean delete(String topic) {
    try (PlainKafka kafka = new PlainKafka(Servers.kafka().address())) {
      kafka.delete(topic);
    }
    return true;
  }
}
