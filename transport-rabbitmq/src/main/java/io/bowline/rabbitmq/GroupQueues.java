// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
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
  private static final int DELIVERY_LIMIT = 1_000_000_000;

  private static final Map<String, Object> ARGUMENTS =
      Map.of(
          "x-queue-type",
          "quorum",
          "x-single-active-consumer",
          true,
          "x-delivery-limit",
          DELIVERY_LIMIT);

  /**
   * A node keeps the names of its new queues in memory for up to a second, and one that loses power
   * meanwhile comes back without the queue and all that was confirmed into it (seen on 3.10.8 and
   * 4.0.5). So nobody is told of a new queue before this is over.
   */
  private static final Duration SETTLED_AFTER = Duration.ofMillis(1500);

  /** Matches whatever a topic exchange carries. */
  private static final String ALL = "#";

  private final RabbitTopics topics;
  private final Warnings warnings = new Warnings();

  GroupQueues(RabbitTopics topics) {
    this.topics = topics;
  }

  void ensure(String topic, String group, Topic kind) {
    RabbitNames.check(topic, group);
    boolean made =
        topics.ask(
            "make the queues of group " + group,
            channels -> {
              boolean any = false;
              for (int lane = 0; lane < kind.lanes(); lane++) {
                any |= ensure(channels, new Place(topic, group, lane), kind);
              }
              return any;
            });
    if (made) {
      awaitSettled();
    }
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

  /** Whether it was made just now. */
  private boolean ensure(Channels channels, Place place, Topic kind) {
    String queue = place.queue();
    boolean old = exists(channels, queue);
    if (old && !kind.ours()) {
      // Somebody's own queue on his own exchange: how it is bound is his affair.
      return false;
    }
    if (!declare(channels, queue)) {
      return false;
    }
    String what = "bind queue " + queue + " to exchange " + place.topic();
    String key = RabbitNames.routingKey(place.lane());
    channels.run(what, channel -> channel.queueBind(queue, place.topic(), key));
    if (!kind.ours() && kind.lanes() == 1) {
      channels.run(what, channel -> channel.queueBind(queue, place.topic(), ALL));
      log.info(
          "Made queue {} on exchange {}, bound by '{}' and '{}'; on a direct exchange bind the"
              + " routing keys of other writers yourself",
          queue,
          place.topic(),
          key,
          ALL);
    }
    return !old;
  }

  /** Whether the queue is there and may be bound. */
  private boolean declare(Channels channels, String queue) {
    String what = "declare queue " + queue;
    try {
      channels.attempt(channel -> channel.queueDeclare(queue, true, false, false, ARGUMENTS));
      return true;
    } catch (IOException | ShutdownSignalException e) {
      int code = RabbitVerdicts.code(e).orElse(0);
      boolean there = code == AMQP.PRECONDITION_FAILED || code == AMQP.ACCESS_REFUSED;
      if (!there || !exists(channels, queue)) {
        throw RabbitVerdicts.asking(what, e);
      }
      if (warnings.due(queue)) {
        log.warn(
            "Queue {} is used as it is, without the promises that rest on a quorum queue with a"
                + " single active consumer and no delivery limit: {}",
            queue,
            RabbitVerdicts.describe(e));
      }
      return code == AMQP.PRECONDITION_FAILED;
    }
  }

  private static boolean exists(Channels channels, String queue) {
    return channels.exists(
        "look for queue " + queue, channel -> channel.queueDeclarePassive(queue));
  }
}
