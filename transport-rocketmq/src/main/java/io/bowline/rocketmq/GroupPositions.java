// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.OptionalLong;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.OffsetNotFoundException;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.jspecify.annotations.Nullable;

/** What one broker knows of groups: their settings, and where they are. */
final class GroupPositions {
  private static final long ANSWER_MILLIS = 5_000;

  private final DefaultMQAdminExt admin;
  private final String broker;

  GroupPositions(DefaultMQAdminExt admin, String broker) {
    this.admin = admin;
    this.broker = broker;
  }

  /** The settings of a group; null if it does not exist. */
  @Nullable SubscriptionGroupConfig config(String group) throws Exception {
    try {
      return admin.examineSubscriptionGroupConfig(broker, group);
    } catch (MQBrokerException e) {
      if (e.getResponseCode() == ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST) {
        return null;
      }
      throw e;
    }
  }

  /** The offset of the next message of a queue; empty if the group has never begun there. */
  OptionalLong of(String group, MessageQueue queue) throws Exception {
    QueryConsumerOffsetRequestHeader question = new QueryConsumerOffsetRequestHeader();
    question.setTopic(queue.getTopic());
    question.setConsumerGroup(group);
    question.setQueueId(queue.getQueueId());
    question.setSetZeroIfNotFound(false);
    try {
      return OptionalLong.of(
          admin
              .getDefaultMQAdminExtImpl()
              .getMqClientInstance()
              .getMQClientAPIImpl()
              .queryConsumerOffset(broker, question, ANSWER_MILLIS));
    } catch (OffsetNotFoundException e) {
      return OptionalLong.empty();
    }
  }
}
