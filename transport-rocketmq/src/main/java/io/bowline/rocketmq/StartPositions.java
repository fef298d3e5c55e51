// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.Map;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where groups begin at one broker. A proxy starts a group that has no position near the end of a
 * queue, and so skips what is there: each queue without a position gets its first.
 */
final class StartPositions {
  private static final Logger log = LoggerFactory.getLogger(StartPositions.class);

  /** In a group of Bowline the core decides when to give up, and makes a confirmed copy. */
  static final int NEVER_TO_DLQ = 1_000_000;

  private final DefaultMQAdminExt admin;
  private final String broker;
  private final GroupPositions positions;

  StartPositions(DefaultMQAdminExt admin, String broker) {
    this.admin = admin;
    this.broker = broker;
    this.positions = new GroupPositions(admin, broker);
  }

  /** Sees to it that a group exists and has a position in each queue of a topic. */
  void prepare(String topic, String group) throws Exception {
    SubscriptionGroupConfig found = positions.config(group);
    if (found == null) {
      make(group);
    } else if (!found.isConsumeMessageOrderly()) {
      log.warn(
          "Group {} at {} is not in order: messages of a lane may be handled out of order, and go"
              + " to %DLQ% after {} attempts. mqadmin updateSubGroup -o true changes that",
          group, broker, found.getRetryMaxTimes() + 1);
    }
    Map<MessageQueue, TopicOffset> queues = admin.examineTopicStats(broker, topic).getOffsetTable();
    for (Map.Entry<MessageQueue, TopicOffset> queue : queues.entrySet()) {
      if (positions.of(group, queue.getKey()).isEmpty()) {
        long first = Math.max(0, queue.getValue().getMinOffset());
        admin.updateConsumeOffset(broker, group, queue.getKey(), first);
      }
    }
  }

  private void make(String group) throws Exception {
    SubscriptionGroupConfig config = new SubscriptionGroupConfig();
    config.setGroupName(group);
    config.setConsumeMessageOrderly(true);
    config.setRetryMaxTimes(NEVER_TO_DLQ);
    admin.createAndUpdateSubscriptionGroupConfig(broker, config);
    log.info("Made group {} at {}", group, broker);
  }
}
