// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.HandlerFaults;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Messages whose handlers misbehave, on a real broker. */
final class RocketHandlerFaultsIT extends HandlerFaults {
  private static final Duration LEASE = Duration.ofSeconds(6);

  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rocketmq()) {
      @Override
      public TransportConfig config() {
        return super.config()
            .properties(Map.of("invisible", LEASE.toSeconds() + "s", "await", "1s"));
      }

      @Override
      public Duration lease() {
        return LEASE;
      }
    };
  }

  @Override
  protected boolean delete(String topic) {
    String namesrv = BrokerAddress.parse(Servers.rocketmq().address()).query().get("namesrv");
    try (Operator operator = new Operator(Servers.rocketmq().address())) {
      operator.tools.deleteTopicInNameServer(Set.of(namesrv), topic);
      operator.tools.deleteTopicInBroker(Set.of(operator.master), topic);
      return true;
    } catch (Exception e) {
      throw new AssertionError("Deleting " + topic, e);
    }
  }
}
