// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.rocket;

import io.bowline.transport.BrokerAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** Topics of type NORMAL, and groups that read them, which keep no order. */
public final class WithoutOrder implements AutoCloseable {
  /** How many queues each broker has for a topic. */
  public static final int QUEUES = 8;

  private final DefaultMQAdminExt admin = new DefaultMQAdminExt();

  /** Asks the name server that a Bowline address names. */
  public WithoutOrder(String address) throws Exception {
    admin.setNamesrvAddr(
        Objects.requireNonNull(
            BrokerAddress.parse(address).query().get("namesrv"),
            "the address must have namesrv=host:port"));
    admin.start();
  }

  /** Makes a topic on each broker. */
  public void makeTopic(String topic) throws Exception {
    TopicConfig config = new TopicConfig(topic);
    config.setReadQueueNums(QUEUES);
    config.setWriteQueueNums(QUEUES);
    config.setAttributes(new HashMap<>(Map.of("+message.type", "NORMAL")));
    for (String broker : brokers()) {
      admin.createAndUpdateTopicConfig(broker, config);
    }
  }

  /** Makes a group that begins with the oldest message of a topic. */
  public void makeGroup(String topic, String group) throws Exception {
    for (String broker : brokers()) {
      SubscriptionGroupConfig config = new SubscriptionGroupConfig();
      config.setGroupName(group);
      admin.createAndUpdateSubscriptionGroupConfig(broker, config);
      Set<MessageQueue> queues = admin.examineTopicStats(broker, topic).getOffsetTable().keySet();
      for (MessageQueue queue : queues) {
        admin.updateConsumeOffset(broker, group, queue, 0);
      }
    }
  }

  private Iterable<String> brokers() throws Exception {
    return admin.examineBrokerClusterInfo().getBrokerAddrTable().values().stream()
        .map(BrokerData::selectBrokerAddr)
        .toList();
  }

  @Override
  public void close() {
    admin.shutdown();
  }
}
