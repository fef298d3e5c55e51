// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.common.TopicConfig;

/** A topic whose message groups are in order, which lanes need. */
final class OrderedTopic {
  static final String TYPE = "FIFO";

  /** What it is, for people. */
  static final String WANTED = "message.type " + TYPE;

  private OrderedTopic() {}

  /** As it is to be made. */
  static TopicConfig of(String topic, int queues) {
    TopicConfig config = new TopicConfig(topic);
    config.setReadQueueNums(queues);
    config.setWriteQueueNums(queues);
    config.setOrder(true);
    config.setAttributes(new HashMap<>(Map.of("+message.type", TYPE)));
    return config;
  }

  /**
   * Checks one that exists.
   *
   * @throws TransportException REFUSED if it is another kind
   */
  static void require(TopicConfig config) {
    String type = type(config);
    if (!type.equals(TYPE)) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic %s exists with message.type %s, but lanes need FIFO: use another topic, or change"
                  .formatted(config.getTopicName(), type)
              + " it by mqadmin updateTopic -a +message.type=FIFO");
    }
  }

  static String type(TopicConfig config) {
    return config.getTopicMessageType().name();
  }
}
