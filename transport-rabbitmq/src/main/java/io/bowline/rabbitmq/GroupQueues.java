// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.OncePerMinute;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    RabbitNames.check(topic, group);
    Set<Found> found =
        topics.ask(
            "make the queues of group " + group,
            channels -> {
              Set<Found> each = EnumSet.noneOf(Found.class);
              for (int lane = 0; lane < kind.lanes(); lane++) {
                each.add(ensure(channels, new Place(topic, group, lane), kind));
              }
              if (!each.contains(Found.OTHER)) {
                each.add(declare(channels, RabbitNames.members(topic, group), MEMBERS));
              }
              return each;
            });
    if (found.contains(Found.MADE)) {
      awaitSettled();
    }
    return !found.contains(Found.OTHER);
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

  /** What became of a queue: made, there as we make it, or there with other arguments. */
  private enum Found {
    MADE,
    SAME,
    OTHER
  }

  private Found ensure(Channels channels, Place place, Topic kind) {
    Found found = declare(channels, place.queue(), LANE);
    // Somebody's own queue on his own exchange: how it is bound is his affair.
    if (found == Found.MADE || kind.ours()) {
      bind(channels, place, RabbitNames.routingKey(place.lane()));
    }
    if (found == Found.MADE && !kind.ours() && kind.lanes() == 1) {
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

  private Found declare(Channels channels, String queue, Map<String, Object> kind) {
    Map<String, Object> arguments = lasting(kind);
    boolean old =
        channels.exists("look for queue " + queue, channel -> channel.queueDeclarePassive(queue));
    try {
      channels.attempt(channel -> channel.queueDeclare(queue, true, false, false, arguments));
      return old ? Found.SAME : Found.MADE;
    } catch (IOException | ShutdownSignalException e) {
      int code = RabbitVerdicts.code(e).orElse(0);
      if (!old || (code != AMQP.PRECONDITION_FAILED && code != AMQP.ACCESS_REFUSED)) {
        throw RabbitVerdicts.asking("declare queue " + queue, e);
      }
      if (warnings.allows(queue)) {
        log.warn(
            "Queue {} is used as it is, without the promises that rest on a quorum queue with a"
                + " single active consumer and no delivery limit: {}",
            queue,
            RabbitVerdicts.describe(e));
      }
      return Found.OTHER;
    }
  }
}
