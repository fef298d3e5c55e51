// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.bowline.rabbitmq.RabbitVerdicts.ClosedHereException;
import io.bowline.rabbitmq.RabbitVerdicts.StuckWriteException;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes with one thread, which alone may be held up by the broker, on one channel, which keeps
 * the order of the calls. A second thread answers what is late and cuts a write that never ends, so
 * that a stuck socket delays no outcome. Thread-safe.
 */
final class RabbitPublisher {
  private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);
  private static final Duration TICK = Duration.ofMillis(25);

  /** How long a write may go on after its connection is known to be over. */
  private static final long AFTER_THE_END = Duration.ofSeconds(1).toNanos();

  private final SupervisedConnection publishing;
  private final RabbitSettings settings;
  private final long patience;
  private final Outstanding outstanding;
  private final PublishQueue queue = new PublishQueue();
  private final PublishLoop loop;
  private final Thread thread;
  private final ScheduledExecutorService timer;
  private volatile boolean closed;

  RabbitPublisher(SupervisedConnection publishing, RabbitTopics topics, RabbitSettings settings) {
    this.publishing = publishing;
    this.settings = settings;
    // A tick earlier, so that the answer is there when the confirm timeout ends.
    Duration longest = settings.confirmTimeout();
    this.patience = Math.max(longest.toNanos() / 2, longest.minus(TICK).toNanos());
    this.outstanding =
        new Outstanding(settings.maxOutstandingMessages(), settings.maxOutstandingBytes());
    this.loop = new PublishLoop(publishing, topics, settings, queue);
    this.thread = daemon(loop::run, "bowline-rabbitmq-publisher");
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> daemon(work, "bowline-rabbitmq-deadlines"));
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    thread.start();
    long tick = TICK.toNanos();
    Future<?> unused = timer.scheduleWithFixedDelay(this::look, tick, tick, NANOSECONDS);
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
    Publication publication = new Publication(message, System.nanoTime(), patience, outstanding);
    if (!queue.add(publication)) {
      publication.failWaiting(closed(message));
    }
    publishing.start();
    return publication.outcome();
  }

  /** Waits for what is under way, at most as long as a confirm may take, then fails the rest. */
  void close() {
    closed = true;
    boolean unused = outstanding.awaitNone(settings.confirmTimeout());
    for (Publication each : queue.close()) {
      each.failWaiting(neverPublished(each));
    }
    loop.giveUpChannel(new ClosedHereException("the transport was closed"));
    timer.shutdown();
  }

  private @Nullable TransportException objection(Outgoing message) {
    if (closed) {
      return closed(message);
    }
    if (message.body().length > loop.largestBody()) {
      return RabbitVerdicts.refused(
          RabbitRow.NOT_ALLOWED,
          message,
          "has " + message.body().length + " bytes, and the largest body is " + loop.largestBody(),
          "raise max.message.bytes and RabbitMQ's max_message_size, or send a reference instead");
    }
    String objection = RabbitMessages.objection(message);
    return objection == null
        ? null
        : RabbitVerdicts.refused(RabbitRow.NOT_ALLOWED, message, objection, "choose another name");
  }

  private static TransportException closed(Outgoing message) {
    return RabbitVerdicts.refused(
        RabbitRow.CLOSED, message, "came after the transport was closed", "open another");
  }

  /** Never ends by an exception: then no later send would get its answer. */
  private void look() {
    try {
      long now = System.nanoTime();
      failLate(now);
      cutStuckWrite(now);
    } catch (RuntimeException | Error e) {
      log.error("Answering late sends failed", e);
    }
  }

  private void failLate(long now) {
    PublishChannel current = loop.channel();
    if (current != null) {
      current.failLate(now, this::late);
    }
    queue.failLate(
        now,
        each ->
            each.isLate(now)
                ? neverPublished(each)
                : RabbitVerdicts.behind(each.message(), publishing.trouble().text()));
  }

  /**
   * While an alarm lasts the broker reads nothing, so that a write may take as long; but only while
   * its heartbeats come.
   */
  private void cutStuckWrite(long now) {
    WriteWatch watch = loop.watch();
    boolean over = !publishing.isOpen() && watch.lasts(now, AFTER_THE_END);
    boolean stuck = watch.isOverdue(now) && publishing.blocked() == null;
    if (over || stuck) {
      String why = "a write did not end within " + settings.writeTimeout();
      watch.end();
      publishing.cut(why);
      loop.giveUpChannel(new StuckWriteException(why));
    }
  }

  private TransportException late(Outgoing message) {
    return RabbitVerdicts.late(message, settings.confirmTimeout(), publishing.trouble().text());
  }

  private TransportException neverPublished(Publication publication) {
    return RabbitVerdicts.neverPublished(
        publication.message(), settings.confirmTimeout(), publishing.trouble());
  }
}
