// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes with one thread, which alone may be held up by the broker, on one channel, which keeps
 * the order of the calls. A second thread answers what is late, so that a stuck socket delays no
 * outcome. Thread-safe.
 *
 * <p>When a channel breaks, what was under way ends UNKNOWN and what waits is published on the next
 * one. So a send may overtake an earlier one that failed; the producer above keeps one of a key
 * under way until it is resolved.
 */
final class RabbitPublisher {
  private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);
  private static final Duration TICK = Duration.ofMillis(25);
  private static final Duration RETRY = Duration.ofMillis(200);

  /** How long an exchange that refused us is not tried: each try would cut all others short. */
  private static final long REFUSAL_LASTS = Duration.ofSeconds(10).toNanos();

  private static final int MOST_REFUSALS = 1000;

  private final SupervisedConnection publishing;
  private final RabbitTopics topics;
  private final RabbitSettings settings;
  private final Outstanding outstanding;
  private final PublishQueue queue = new PublishQueue();
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
  private final OncePerMinute warnings = new OncePerMinute();
  private final Thread thread;
  private final ScheduledExecutorService timer;
  private volatile @Nullable PublishChannel channel;
  private volatile int largestBody;
  private volatile boolean closed;

  private record Refusal(String answer, long at) {}

  RabbitPublisher(SupervisedConnection publishing, RabbitTopics topics, RabbitSettings settings) {
    this.publishing = publishing;
    this.topics = topics;
    this.settings = settings;
    this.largestBody = settings.maxMessageBytes();
    this.outstanding =
        new Outstanding(settings.maxOutstandingMessages(), settings.maxOutstandingBytes());
    this.thread = new Thread(this::publishAll, "bowline-rabbitmq-publisher");
    thread.setDaemon(true);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread ticking = new Thread(work, "bowline-rabbitmq-deadlines");
              ticking.setDaemon(true);
              return ticking;
            });
  }

  void start() {
    thread.start();
    long tick = TICK.toNanos();
    Future<?> unused = timer.scheduleWithFixedDelay(this::failLate, tick, tick, NANOSECONDS);
  }

  /** Takes a message in, or fails it at once; never waits. */
  CompletableFuture<Receipt> send(Outgoing message) {
    TransportException objection = objection(message);
    if (objection != null) {
      return CompletableFuture.failedFuture(objection);
    }
    String full = outstanding.enter(message.body().length);
    if (full != null) {
      return CompletableFuture.failedFuture(RabbitVerdicts.full(message, full));
    }
    // A tick earlier, so that the answer is there when the confirm timeout ends.
    Duration patience = settings.confirmTimeout();
    long wait = Math.max(patience.toNanos() / 2, patience.minus(TICK).toNanos());
    Publication publication = new Publication(message, System.nanoTime() + wait, outstanding);
    if (!queue.add(publication)) {
      publication.fail(closed(message));
    }
    publishing.start();
    return publication.outcome();
  }

  /** Waits for what is under way, at most as long as a confirm may take, then fails the rest. */
  void close() {
    closed = true;
    outstanding.awaitNone(settings.confirmTimeout());
    for (Publication each : queue.close()) {
      each.fail(neverPublished(each));
    }
    PublishChannel last = channel;
    if (last != null) {
      last.giveUp();
    }
    timer.shutdown();
  }

  private @Nullable TransportException objection(Outgoing message) {
    if (closed) {
      return closed(message);
    }
    if (message.body().length > largestBody) {
      return RabbitVerdicts.refused(
          message,
          "has " + message.body().length + " bytes, and the largest body is " + largestBody,
          "raise max.message.bytes and RabbitMQ's max_message_size, or send a reference instead");
    }
    String objection = RabbitMessages.objection(message);
    return objection == null
        ? null
        : RabbitVerdicts.refused(message, objection, "choose another name");
  }

  private static TransportException closed(Outgoing message) {
    return RabbitVerdicts.refused(message, "came after the transport was closed", "open another");
  }

  private void publishAll() {
    Publication first = queue.awaitFirst();
    while (first != null) {
      try {
        advance(first);
      } catch (RuntimeException | Error e) {
        log.error("Publishing to {} failed; the channel is given up", settings.hostNames(), e);
        giveUpChannel();
        publishing.awaitChange(RETRY);
      }
      first = queue.awaitFirst();
    }
  }

  /** Publishes the first in the queue, refuses it, or waits a moment for what it needs. */
  private void advance(Publication first) {
    PublishChannel open = openChannel();
    if (open == null) {
      return;
    }
    TransportException refusal = refusal(first.message(), open);
    if (refusal == null) {
      if (queue.removeFirst(first) && !open.publish(first) && !queue.putBack(first)) {
        first.fail(neverPublished(first));
      }
    } else if (refusal.verdict() == Verdict.REFUSED) {
      if (queue.removeFirst(first)) {
        first.fail(refusal);
      }
    } else {
      // Its topic could not be looked up: it stays first until that works or its time is over.
      publishing.awaitChange(RETRY);
    }
  }

  private @Nullable TransportException refusal(Outgoing message, PublishChannel open) {
    long headers = RabbitMessages.headerBytes(message);
    if (headers > open.frameMax()) {
      return RabbitVerdicts.refused(
          message,
          "has headers of " + headers + " bytes, and RabbitMQ's frame_max is " + open.frameMax(),
          "move what is long into the body");
    }
    Refusal before = refusals.get(message.topic());
    if (before != null && System.nanoTime() - before.at < REFUSAL_LASTS) {
      return RabbitVerdicts.refused(
          message, "was not tried: " + before.answer, "grant write permission on the exchange");
    }
    try {
      int lanes = topics.find(message.topic()).lanes();
      return message.lane() >= 0 && message.lane() < lanes
          ? null
          : RabbitVerdicts.refused(
              message, "names a lane that is not one of " + lanes, "choose one below " + lanes);
    } catch (TransportException e) {
      return e;
    }
  }

  private @Nullable PublishChannel openChannel() {
    PublishChannel last = channel;
    if (last != null && last.isOpen()) {
      return last;
    }
    Optional<Connection> connection = publishing.awaitOpen(RETRY);
    if (connection.isEmpty()) {
      return null;
    }
    try {
      // Perhaps another broker took the place of the one that was asked before.
      topics.forgetAll();
      PublishChannel opened = PublishChannel.open(connection.get(), this::channelEnded);
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
    }
  }

  private void channelEnded(ShutdownSignalException reason, List<String> underWay) {
    int code = RabbitVerdicts.code(reason).orElse(0);
    RabbitVerdicts.largestTaken(reason).ifPresent(bytes -> largestBody = bytes);
    for (String topic : underWay) {
      topics.forget(topic);
      if (code == AMQP.ACCESS_REFUSED && RabbitVerdicts.names(reason, topic)) {
        if (refusals.size() >= MOST_REFUSALS) {
          refusals.clear();
        }
        refusals.put(topic, new Refusal(RabbitVerdicts.describe(reason), System.nanoTime()));
      }
    }
    if (code != 0 && !closed && warnings.allows("ended " + code)) {
      log.warn(
          "RabbitMQ at {} closed the channel for publishing ({}); what was under way is sent again"
              + " by the producer",
          settings.hostNames(),
          RabbitVerdicts.describe(reason));
    }
  }

  private void giveUpChannel() {
    PublishChannel broken = channel;
    if (broken != null) {
      broken.giveUp();
    }
  }

  /** Never ends by an exception: then no later send would get its answer. */
  private void failLate() {
    try {
      long now = System.nanoTime();
      for (Publication each : queue.removeLate(now)) {
        each.fail(neverPublished(each));
      }
      PublishChannel current = channel;
      if (current != null) {
        for (Publication each : current.removeLate(now)) {
          Outgoing message = each.message();
          each.fail(RabbitVerdicts.late(message, settings.confirmTimeout(), publishing.trouble()));
        }
      }
    } catch (RuntimeException | Error e) {
      log.error("Answering late sends failed", e);
    }
  }

  private TransportException neverPublished(Publication publication) {
    return RabbitVerdicts.neverPublished(
        publication.message(), settings.confirmTimeout(), publishing.trouble());
  }
}
