// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.GapConformance;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.junit.jupiter.api.AfterAll;

/** Messages that a real RocketMQ skipped for a group are named by their numbers, with a store. */
final class RocketGapIT extends GapConformance {
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static final class Cluster {
    // In cluster mode, since only then a way through a proxy stays there.
    static final LocalRocket SERVER = LocalRocket.startNew(LocalRocketSetup.plain().cluster());
  }

  @AfterAll
  static void stopCluster() {
    Cluster.SERVER.close();
  }

  @Override
  protected Map<String, String> impossible() {
    return Map.of(
        "killsCutsAndRebalancesWithoutALossNameNothing",
        "without a store gaps are not looked for, as members share lanes");
  }

  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Cluster.SERVER) {
      @Override
      public TransportConfig config() {
        return super.config()
            .properties(Map.of("invisible", LEASE.toSeconds() + "s", "await", "1s"));
      }

      @Override
      public Duration lease() {
        return LEASE;
      }

      @Override
      public boolean lose(String topic, String group) {
        skip(RocketNames.topic(topic), RocketNames.group(group));
        return true;
      }
    };
  }

  /** Puts the group behind the last message of each queue, as an operator's reset does. */
  private static void skip(String topic, String group) {
    try (Operator operator = new Operator(Cluster.SERVER.address())) {
      DefaultMQAdminExt tools = operator.tools;
      String master = operator.master;
      for (Map.Entry<MessageQueue, TopicOffset> queue :
          tools.examineTopicStats(master, topic).getOffsetTable().entrySet()) {
        tools.updateConsumeOffset(master, group, queue.getKey(), queue.getValue().getMaxOffset());
      }
    } catch (Exception e) {
      throw new IllegalStateException("Skipping what lies in " + topic, e);
    }
  }
}
