// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.RabbitTopics.Topic;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that publishes: the only one that the broker may hold up. It publishes nothing while
 * the broker says that it takes nothing. When a channel ends, all that waits behind a message of
 * its lane that was under way fails too, so that no later message of a lane overtakes an earlier
 * one whose failure was not told yet.
 */
final class PublishLoop implements PublishChannel.PublishTrouble {
  private static final Logger log = LoggerFactory.getLogger(PublishLoop.class);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final SupervisedConnection publishing;
  private final RabbitTopics topics;
  private final RabbitSettings settings;
  private final PublishQueue queue;
  private final WriteWatch watch;
  private final Refusals refusals = new Refusals();
  private final OncePerMinute warnings = new OncePerMinute();
  private volatile @Nullable PublishChannel channel;
  private volatile int largestBody;

  PublishLoop(
      SupervisedConnection publishing,
      RabbitTopics topics,
      RabbitSettings settings,
      PublishQueue queue) {
    this.publishing = publishing;
    this.topics = topics;
    this.settings = settings;
    this.queue = queue;
    this.watch = new WriteWatch(settings.writeTimeout());
    this.largestBody = settings.maxMessageBytes();
  }

  /** The largest body, as far as is known. */
  int largestBody() {
    return largestBody;
  }

  /** The channel in use, if there was one yet. */
  @Nullable PublishChannel channel() {
    return channel;
  }

  WriteWatch watch() {
    return watch;
  }

  /** Publishes until the queue is closed. */
  void run() {
    while (queue.awaitAny()) {
      try {
        publishSome();
      } catch (RuntimeException | Error e) {
        log.error("Publishing to {} failed; the channel is given up", settings.hostNames(), e);
        giveUpChannel(e);
        publishing.awaitChange(RETRY);
      }
    }
  }

  void giveUpChannel(Throwable why) {
    PublishChannel broken = channel;
    if (broken != null) {
      broken.giveUp(why);
    }
  }

  /** Publishes the first in the queue, refuses them, or waits a moment for what they need. */
  private void publishSome() {
    if (publishing.blocked() != null) {
      publishing.awaitChange(RETRY);
      return;
    }
    PublishChannel open = openChannel();
    if (open == null) {
      return;
    }
    int done = 0;
    List<Publication> run = queue.takeRun();
    try {
      done = run.isEmpty() ? 0 : lookUp(run.get(0));
      publishing.writes().begin();
      done += publish(run.subList(done, run.size()), open);
    } finally {
      queue.endRun(done);
      endWrites(open);
    }
  }

  /** How many of these are done with: up to the first that has to wait. */
  private int publish(List<Publication> run, PublishChannel open) {
    int done = 0;
    for (Publication each : run) {
      Topic topic = topics.known(each.message().topic());
      if (topic == null || publishing.blocked() != null) {
        return done;
      }
      TransportException refusal = refusal(each.message(), topic);
      watch.begin(System.nanoTime());
      if (refusal != null) {
        each.failWaiting(refusal);
      } else if (!open.publish(each)) {
        return done + 1;
      }
      done++;
    }
    return done;
  }

  private void endWrites(PublishChannel open) {
    try {
      watch.begin(System.nanoTime());
      publishing.writes().end();
    } catch (IOException e) {
      open.giveUp(e);
    } finally {
      watch.end();
    }
  }

  /**
   * Finds out what the topic of the first message is; 1 if that refuses it. If it cannot be found
   * out, the message stays first until it can or its time is over.
   */
  private int lookUp(Publication first) {
    try {
      Topic unused = topics.find(first.message().topic());
      return 0;
    } catch (TransportException e) {
      if (e.verdict() == Verdict.REFUSED) {
        first.failWaiting(e);
        return 1;
      }
      publishing.awaitChange(RETRY);
      return 0;
    }
  }

  private @Nullable TransportException refusal(Outgoing message, Topic topic) {
    String before = refusals.answer(message.topic());
    if (before != null) {
      return RabbitVerdicts.refused(
          RabbitRow.REFUSED_BEFORE,
          message,
          "was not tried: " + before,
          "grant write permission on the exchange");
    }
    int lanes = topic.lanes();
    return message.lane() >= 0 && message.lane() < lanes
        ? null
        : RabbitVerdicts.refused(
            RabbitRow.NO_TOPIC,
            message,
            "names a lane that is not one of " + lanes,
            "choose one below " + lanes);
  }

  private @Nullable PublishChannel openChannel() {
    PublishChannel last = channel;
    if (last != null && last.isOpen()) {
      return last;
    }
    Optional<Connection> connection = publishing.awaitOpen(RETRY);
    if (connection.isEmpty() || (last != null && !last.awaitTold(RETRY))) {
      return null;
    }
    try {
      // Perhaps another broker took the place of the one that was asked before.
      topics.forgetAll();
      watch.begin(System.nanoTime());
      PublishChannel opened = PublishChannel.open(connection.get(), this);
      channel = opened;
      return opened;
    } catch (IOException | ShutdownSignalException e) {
      if (warnings.allows("channel")) {
        log.warn(
            "Cannot open a channel for publishing on {}, trying again: {}",
            settings.hostNames(),
            RabbitVerdicts.describe(e));
      }
      publishing.awaitChange(RETRY);
      return null;
    } finally {
      watch.end();
    }
  }

  @Override
  public void ended(ShutdownSignalException reason, List<Publication> underWay) {
    int code = RabbitVerdicts.code(reason).orElse(0);
    RabbitVerdicts.largestTaken(reason).ifPresent(bytes -> largestBody = bytes);
    for (String topic : topicsOf(underWay)) {
      topics.forget(topic);
      if (code == AMQP.ACCESS_REFUSED && RabbitVerdicts.names(reason, topic)) {
        refusals.note(topic, RabbitVerdicts.describe(reason), System.nanoTime());
      }
    }
    if (code != 0 && code != AMQP.REPLY_SUCCESS && warnings.allows("ended " + code)) {
      log.warn(
          "RabbitMQ at {} closed the channel for publishing ({}); what was under way is sent again"
              + " by the producer",
          settings.hostNames(),
          RabbitVerdicts.describe(reason));
    }
  }

  private static Set<String> topicsOf(List<Publication> publications) {
    Set<String> names = new HashSet<>();
    publications.forEach(each -> names.add(each.message().topic()));
    return names;
  }

  @Override
  public void told(Map<TopicLane, Long> last) {
    queue.failBehind(
        last, each -> RabbitVerdicts.behind(each.message(), publishing.trouble().text()));
  }
}
