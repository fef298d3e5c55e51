// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import io.bowline.transport.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * What becomes of a topic and its groups at the masters of its brokers, by names of RocketMQ's own.
 * Confined to one thread.
 */
final class TopicProvision {
  private static final String IN_ORDER = "consumeMessageOrderly true, retryMaxTimes at least %d";

  private final DefaultMQAdminExt admin;
  private final String topic;
  private final TopicSpec spec;
  private final Mode mode;
  private final List<Part> parts = new ArrayList<>();

  TopicProvision(DefaultMQAdminExt admin, TopicSpec spec, Mode mode) {
    this.admin = admin;
    this.topic = RocketNames.topic(spec.topic());
    this.spec = spec;
    this.mode = mode;
  }

  /** A topic that was not there. */
  Provisioning absent(Set<String> masters) {
    parts.add(
        Part.absent(
            mode, "topic " + topic, "%d lanes, %s".formatted(spec.lanes(), OrderedTopic.WANTED)));
    for (String group : spec.groups()) {
      for (String master : masters) {
        parts.add(missing(RocketNames.group(group), master));
      }
    }
    return told(spec.lanes());
  }

  /** A topic that is there. */
  Provisioning found(int lanes, Set<String> masters) throws Exception {
    parts.add(Part.compared("topic " + topic, spec.lanes() + " lanes", lanes + " lanes"));
    for (String master : masters) {
      TopicConfig config = admin.examineTopicConfig(master, topic);
      String where = "message.type of topic %s at %s".formatted(topic, master);
      parts.add(Part.compared(where, OrderedTopic.TYPE, OrderedTopic.type(config)));
    }
    if (lanes == spec.lanes()) {
      for (String group : spec.groups()) {
        for (String master : masters) {
          parts.add(group(RocketNames.group(group), master));
        }
      }
    }
    return told(lanes);
  }

  private Provisioning told(int lanes) {
    return new Provisioning(spec.topic(), lanes, parts);
  }

  private Part missing(String group, String master) {
    return Part.absent(mode, what(group, master), wanted());
  }

  private Part group(String group, String master) throws Exception {
    SubscriptionGroupConfig config = new GroupPositions(admin, master).config(group);
    if (config == null) {
      return missing(group, master);
    }
    boolean same =
        config.isConsumeMessageOrderly()
            && config.getRetryMaxTimes() >= StartPositions.NEVER_TO_DLQ;
    String found =
        "consumeMessageOrderly %s, retryMaxTimes %d"
            .formatted(config.isConsumeMessageOrderly(), config.getRetryMaxTimes());
    return new Part(what(group, master), same ? State.PRESENT : State.DIFFERENT, wanted(), found);
  }

  private static String what(String group, String master) {
    return "group %s at %s".formatted(group, master);
  }

  private static String wanted() {
    return IN_ORDER.formatted(StartPositions.NEVER_TO_DLQ);
  }
}
