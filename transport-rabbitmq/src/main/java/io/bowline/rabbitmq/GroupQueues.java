// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the queues of a group, one a lane, unless they exist. Thread-safe. */
final class GroupQueues {
  private static final Logger log = LoggerFactory.getLogger(GroupQueues.class);

  /**
   * Out of reach. A quorum queue drops a message that came back as often, by default 20 times from
   * RabbitMQ 4.0 on; and without any limit it puts what comes back at its end.
   */
  static final int DELIVERY_LIMIT = 1_000_000_000;

  private static final Map<String, Object> LANE =
      Map.of(
          "x-queue-type",
          "quorum",
          "x-single-active-consumer",
          true,
          "x-delivery-limit",
          DELIVERY_LIMIT);

  private static final Map<String, Object> MEMBERS = Map.of("x-queue-type", "quorum");

  /**
   * A node keeps the names of its new queues in memory for up to a second, and one that loses power
   * meanwhile comes back without the queue and all that was confirmed into it (seen on 3.10.8 and
   * 4.0.5). So nobody is told of a new queue before this is over.
   */
  private static final Duration SETTLED_AFTER = Duration.ofMillis(1500);

  /** Matches whatever a topic exchange carries. */
  private static final String ALL = "#";

  private final RabbitTopics topics;
  private final Optional<Duration> expiry;
  private final OncePerMinute warnings = new OncePerMinute();

  /**
   * With how long a new queue may be unused until it goes; empty for as long as nobody deletes it.
   */
  GroupQueues(RabbitTopics topics, Optional<Duration> expiry) {
    this.topics = topics;
    this.expiry = expiry;
  }

  /**
   * What a member has to know of its queues.
   *
   * @param exclusive whether each lane has one consumer at a time
   * @param renew makes the queues again
   */
  record Membership(boolean exclusive, Runnable renew) {}

  /** Makes what is missing; returns whether each lane has one consumer at a time. */
  boolean ensure(String topic, String group, Topic kind) {
    return provide(topic, group, kind, Mode.MAKE).stream()
        .noneMatch(part -> part.state() == State.DIFFERENT);
  }

  /** What there is of a group's queues, and what is made of them. */
  List<Part> provide(String topic, String group, Topic kind, Mode mode) {
    RabbitNames.check(topic, group);
    List<Part> parts =
        topics.ask(
            (mode == Mode.MAKE ? "make" : "look for") + " the queues of group " + group,
            channels -> {
              List<Part> each = new ArrayList<>();
              for (int lane = 0; lane < kind.lanes(); lane++) {
                each.add(provide(channels, new Place(topic, group, lane), kind, mode));
              }
              if (each.stream().noneMatch(part -> part.state() == State.DIFFERENT)) {
                each.add(declare(channels, RabbitNames.members(topic, group), MEMBERS, mode));
              }
              return each;
            });
    if (parts.stream().anyMatch(part -> part.state() == State.MADE)) {
      awaitSettled();
    }
    return parts;
  }

  private static void awaitSettled() {
    try {
      // Nothing tells when: an empty latch is a wait that an interrupt can end.
      boolean never = new CountDownLatch(1).await(SETTLED_AFTER.toMillis(), MILLISECONDS);
      assert !never;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Place(String topic, String group, int lane) {
    String queue() {
      return RabbitNames.queue(topic, group, lane);
    }
  }

  private Part provide(Channels channels, Place place, Topic kind, Mode mode) {
    Part found = declare(channels, place.queue(), LANE, mode);
    boolean made = found.state() == State.MADE;
    // Somebody's own queue on his own exchange: how it is bound is his affair.
    if (made || (kind.ours() && mode == Mode.MAKE)) {
      bind(channels, place, RabbitNames.routingKey(place.lane()));
    }
    if (made && !kind.ours() && kind.lanes() == 1) {
      bind(channels, place, ALL);
      log.info(
          "Made queue {} on exchange {}, bound by '{}' and '{}'; on a direct exchange bind the"
              + " routing keys of other writers yourself",
          place.queue(),
          place.topic(),
          place.lane(),
          ALL);
    }
    return found;
  }

  private static void bind(Channels channels, Place place, String key) {
    channels.run(
        "bind queue " + place.queue() + " to exchange " + place.topic(),
        channel -> channel.queueBind(place.queue(), place.topic(), key));
  }

  private Map<String, Object> lasting(Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    expiry.ifPresent(unused -> all.put("x-expires", unused.toMillis()));
    return all;
  }

  private Part declare(Channels channels, String queue, Map<String, Object> kind, Mode mode) {
    Map<String, Object> arguments = lasting(kind);
    String what = "queue " + queue;
    String wanted = new TreeMap<>(arguments).toString();
    boolean old =
        channels.exists("look for queue " + queue, channel -> channel.queueDeclarePassive(queue));
    if (!old && mode == Mode.LOOK) {
      return Part.absent(mode, what, wanted);
    }
    try {
      // Of one that is there this changes nothing: the broker compares.
      channels.attempt(channel -> channel.queueDeclare(queue, true, false, false, arguments));
      return old ? Part.compared(what, wanted, wanted) : Part.absent(mode, what, wanted);
    } catch (IOException | ShutdownSignalException e) {
      int code = RabbitVerdicts.code(e).orElse(0);
      if (!old || (code != AMQP.PRECONDITION_FAILED && code != AMQP.ACCESS_REFUSED)) {
        throw RabbitVerdicts.asking("declare queue " + queue, e);
      }
      String answer = RabbitVerdicts.describe(e);
      if (mode == Mode.MAKE && warnings.allows(queue)) {
        log.warn(
            "Queue {} is used as it is, without the promises that rest on a quorum queue with a"
                + " single active consumer and no delivery limit: {}",
            queue,
            answer);
      }
      boolean forbidden = mode == Mode.LOOK && code == AMQP.ACCESS_REFUSED;
      return new Part(what, forbidden ? State.UNREAD : State.DIFFERENT, wanted, answer);
    }
  }
}
