// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.remoting.protocol.body.QueueTimeSpan;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * What the queues of a topic hold behind a group's positions, added up over brokers; names are
 * RocketMQ's own here. In a group in order a position is that of the first message that is not
 * acknowledged, so it is at most so many. Of another group the broker moves positions as messages
 * are handed out, and retries lie elsewhere: there it is an estimate. One question.
 */
final class GroupBacklog {
  /** A broker that finds no time of a message answers with the age of one from 1970. */
  private static final Duration OLDEST = Duration.ofDays(365 * 50);

  private final DefaultMQAdminExt admin;
  private final String topic;
  private final String group;
  private final Set<MessageQueue> waiting = new HashSet<>();
  private long messages;
  private boolean exists;
  private boolean ordered = true;

  GroupBacklog(DefaultMQAdminExt admin, String topic, String group) {
    this.admin = admin;
    this.topic = topic;
    this.group = group;
  }

  /** Counts at these brokers. */
  Backlog count(Collection<String> brokers) throws Exception {
    for (String broker : brokers) {
      count(broker);
    }
    if (!exists) {
      throw new TransportException(
          Verdict.REFUSED,
          "Group %s does not exist at the brokers of topic %s: is its name right? It is made with"
                  .formatted(group, topic)
              + " the topic, by TopicSpec.groups, or by its first member");
    }
    Quality quality = ordered ? Quality.AT_MOST : Quality.ESTIMATE;
    Backlog all = Backlog.ofAll(topic, group, messages, quality);
    // A position of a group that is not in order says nothing about its oldest message.
    return messages == 0 || !ordered ? all : aged(all);
  }

  private void count(String broker) throws Exception {
    GroupPositions positions = new GroupPositions(admin, broker);
    SubscriptionGroupConfig config = positions.config(group);
    if (config == null) {
      return;
    }
    exists = true;
    ordered &= config.isConsumeMessageOrderly();
    Map<MessageQueue, TopicOffset> queues =
        new HashMap<>(admin.examineTopicStats(broker, topic).getOffsetTable());
    for (Map.Entry<MessageQueue, TopicOffset> queue : queues.entrySet()) {
      long first = Math.max(0, queue.getValue().getMinOffset());
      long next = Math.max(first, positions.of(group, queue.getKey()).orElse(first));
      long left = Math.max(0, queue.getValue().getMaxOffset() - next);
      messages += left;
      if (left > 0) {
        waiting.add(queue.getKey());
      }
    }
  }

  /** By the brokers' clocks alone: each tells how long ago it stored the next message. */
  private Backlog aged(Backlog all) throws Exception {
    return admin.queryConsumeTimeSpan(topic, group).stream()
        .filter(span -> waiting.contains(span.getMessageQueue()))
        .mapToLong(QueueTimeSpan::getDelayTime)
        .filter(delay -> delay >= 0 && delay < OLDEST.toMillis())
        .max()
        .stream()
        .mapToObj(Duration::ofMillis)
        .map(all::age)
        .findFirst()
        .orElse(all);
  }
}
