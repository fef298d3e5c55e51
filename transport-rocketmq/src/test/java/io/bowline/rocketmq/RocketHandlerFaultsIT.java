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
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

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
    DefaultMQAdminExt tools = new DefaultMQAdminExt();
    tools.setNamesrvAddr(namesrv);
    tools.setInstanceName("deleting-" + topic);
    try {
      tools.start();
      String broker =
          tools
              .examineBrokerClusterInfo()
              .getBrokerAddrTable()
              .values()
              .iterator()
              .next()
              .selectBrokerAddr();
      tools.deleteTopicInNameServer(Set.of(namesrv), topic);
      tools.deleteTopicInBroker(Set.of(broker), topic);
      return true;
    } catch (Exception e) {
      throw new AssertionError("Deleting " + topic, e);
    } finally {
      tools.shutdown();
    }
  }
}
