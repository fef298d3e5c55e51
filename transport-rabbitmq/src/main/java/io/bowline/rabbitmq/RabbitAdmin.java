// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import io.bowline.audit.TopicAudit;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes topics, and counts what is left of them. First comes a claim, an exchange that can be
 * declared with one number of lanes only: of two who want different numbers at the same time one is
 * refused. Then the lanes' markers, then the exchange that messages go to, so that whoever finds it
 * finds all of its lanes. Thread-safe.
 */
final class RabbitAdmin implements BrokerAdmin {
  private final RabbitTopics topics;
  private final GroupQueues groups;
  private final RabbitAudit audit;

  RabbitAdmin(RabbitTopics topics, GroupQueues groups, RabbitAudit audit) {
    this.topics = topics;
    this.groups = groups;
    this.audit = audit;
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

  /**
   * Counts what is ready in the queues of a group; what its members hold is not told. A queue whose
   * leader is away counts as empty: so these are at least so many.
   */
  @Override
  public Backlog backlog(String topic, String group) {
    RabbitNames.check(topic, group);
    int lanes = topics.find(topic).lanes();
    Map<Integer, Long> ready =
        topics.ask(
            "count what is left of topic " + topic + " for group " + group,
            channels -> {
              Map<Integer, Long> counted = new HashMap<>();
              for (int lane = 0; lane < lanes; lane++) {
                counted.put(lane, ready(channels, RabbitNames.queue(topic, group, lane)));
              }
              return counted;
            });
    return Backlog.ofLanes(topic, group, ready, Quality.AT_LEAST);
  }

  @Override
  public TopicAudit audit(String topic) {
    return audit.of(topic);
  }

  private static long ready(Channels channels, String queue) {
    AtomicLong messages = new AtomicLong();
    String what = "count the messages of queue " + queue;
    if (!channels.exists(what, channel -> messages.set(channel.messageCount(queue)))) {
      throw new TransportException(
          Verdict.REFUSED,
          "Queue '%s' does not exist, so nothing is kept for its group: is the group's name right?"
                  .formatted(queue)
              + " It is made with the topic, by TopicSpec.groups, or by its first member");
    }
    return messages.get();
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
