// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import io.bowline.audit.Fact;
import io.bowline.audit.TopicAudit;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

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
  public Provisioning provide(TopicSpec spec, Mode mode) {
    RabbitNames.checkNew(spec.topic());
    RabbitNames.check(spec.topic(), "");
    spec.groups().forEach(group -> RabbitNames.check(spec.topic(), group));
    topics.forget(spec.topic());
    Provisioned topic =
        topics.ask("ensure topic " + spec.topic(), channels -> provided(channels, spec, mode));
    List<Part> parts = new ArrayList<>(topic.parts());
    if (topic.kind().lanes() == spec.lanes()) {
      for (String group : spec.groups()) {
        parts.addAll(groups.provide(spec.topic(), group, topic.kind(), mode));
      }
    }
    return new Provisioning(spec.topic(), topic.kind().lanes(), parts);
  }

  /** A topic as it is, or would be, and what became of it. */
  private record Provisioned(Topic kind, List<Part> parts) {}

  private Provisioned provided(Channels channels, TopicSpec spec, Mode mode) {
    boolean there = topics.exists(channels, spec.topic());
    if (mode == Mode.MAKE) {
      make(channels, spec);
    }
    Topic kind =
        there || mode == Mode.MAKE
            ? topics.read(channels, spec.topic())
            : new Topic(spec.lanes(), true);
    String what = "topic " + spec.topic();
    String wanted = "%d lanes".formatted(spec.lanes());
    Part part =
        there
            ? Part.compared(what, wanted, "%d lanes".formatted(kind.lanes()))
            : Part.absent(mode, what, wanted);
    return new Provisioned(kind, List.of(part));
  }

  @Override
  public List<String> topics() {
    Fact<List<String>> told = audit.topics();
    return told.value()
        .orElseThrow(
            () ->
                new TransportException(
                    Verdict.REFUSED,
                    "Which topics there are is not known: %s. To have it told: %s"
                        .formatted(told.why(), told.remedy())));
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
    if (!claim(channels, spec)) {
      return;
    }
    for (int lane = spec.lanes() - 1; lane >= 0; lane--) {
      internal(channels, RabbitNames.marker(topic, lane), Map.of());
    }
    channels.run(
        "declare exchange " + topic,
        channel -> channel.exchangeDeclare(topic, BuiltinExchangeType.DIRECT, true));
  }

  /** Whether it may be made: not if it has another number of lanes. */
  private boolean claim(Channels channels, TopicSpec spec) {
    String last = RabbitNames.marker(spec.topic(), spec.lanes() - 1);
    try {
      // The one argument of an exchange that the broker compares when it is declared again.
      internal(channels, RabbitNames.claim(spec.topic()), Map.of("alternate-exchange", last));
      return true;
    } catch (TransportException e) {
      boolean other =
          e.verdict() == Verdict.REFUSED
              && topics.exists(channels, spec.topic())
              && topics.read(channels, spec.topic()).lanes() != spec.lanes();
      if (!other) {
        throw e;
      }
      return false;
    }
  }

  private static void internal(Channels channels, String name, Map<String, Object> arguments) {
    channels.run(
        "declare exchange " + name,
        channel ->
            channel.exchangeDeclare(
                name, BuiltinExchangeType.FANOUT, true, false, true, arguments));
  }
}
