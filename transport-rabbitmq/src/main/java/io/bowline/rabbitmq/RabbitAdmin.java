// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes topics. First comes a claim, an exchange that can be declared with one number of lanes
 * only: of two who want different numbers at the same time one is refused. Then the lanes' markers,
 * then the exchange that messages go to, so that whoever finds it finds all of its lanes.
 * Thread-safe.
 */
final class RabbitAdmin implements BrokerAdmin {
  private final RabbitTopics topics;
  private final GroupQueues groups;

  RabbitAdmin(RabbitTopics topics, GroupQueues groups) {
    this.topics = topics;
    this.groups = groups;
  }

  @Override
  public void ensure(TopicSpec spec) {
    RabbitNames.checkNew(spec.topic());
    RabbitNames.check(spec.topic(), "");
    spec.groups().forEach(group -> RabbitNames.check(spec.topic(), group));
    topics.forget(spec.topic());
    Topic topic =
        topics.ask(
            "ensure topic " + spec.topic(),
            channels -> {
              make(channels, spec);
              return topics.read(channels, spec.topic());
            });
    if (topic.lanes() != spec.lanes()) {
      throw otherLanes(spec, topic.lanes(), null);
    }
    for (String group : spec.groups()) {
      boolean unused = groups.ensure(spec.topic(), group, topic);
    }
  }

  private void make(Channels channels, TopicSpec spec) {
    String topic = spec.topic();
    if (topics.exists(channels, topic) && !topics.exists(channels, RabbitNames.claim(topic))) {
      // Somebody else's: nothing of ours is put beside it.
      return;
    }
    claim(channels, spec);
    for (int lane = spec.lanes() - 1; lane >= 0; lane--) {
      internal(channels, RabbitNames.marker(topic, lane), Map.of());
    }
    channels.run(
        "declare exchange " + topic,
        channel -> channel.exchangeDeclare(topic, BuiltinExchangeType.DIRECT, true));
  }

  private void claim(Channels channels, TopicSpec spec) {
    String last = RabbitNames.marker(spec.topic(), spec.lanes() - 1);
    try {
      // The one argument of an exchange that the broker compares when it is declared again.
      internal(channels, RabbitNames.claim(spec.topic()), Map.of("alternate-exchange", last));
    } catch (TransportException e) {
      if (e.verdict() == Verdict.REFUSED && topics.exists(channels, spec.topic())) {
        int lanes = topics.read(channels, spec.topic()).lanes();
        if (lanes != spec.lanes()) {
          throw otherLanes(spec, lanes, e);
        }
      }
      throw e;
    }
  }

  private static void internal(Channels channels, String name, Map<String, Object> arguments) {
    channels.run(
        "declare exchange " + name,
        channel ->
            channel.exchangeDeclare(
                name, BuiltinExchangeType.FANOUT, true, false, true, arguments));
  }

  private static TransportException otherLanes(
      TopicSpec spec, int lanes, @Nullable Throwable seen) {
    return new TransportException(
        Verdict.REFUSED,
        "Topic '%s' exists with %d lane%s, but %d were asked for; a topic keeps its lanes, so ask"
                .formatted(spec.topic(), lanes, lanes == 1 ? "" : "s", spec.lanes())
            + " for as many or take another name",
        seen);
  }
}
