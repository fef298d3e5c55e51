// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.FlowConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;

/** Pauses, hangs and circuits, past the lease of what a member holds. */
final class RocketFlowIT extends FlowConformance {
  private static final Duration LEASE = Duration.ofSeconds(6);

  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rocketmq()) {
      @Override
      public TransportConfig config() {
        return super.config().properties(Map.of("invisible", LEASE.toSeconds() + "s"));
      }

      @Override
      public Duration lease() {
        return LEASE;
      }
    };
  }
}
