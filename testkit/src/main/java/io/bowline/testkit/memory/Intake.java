// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Takes sends in, one after another on a thread of its own, and answers them there: never on the
 * caller's thread, as no real client does.
 */
final class Intake {
  /** The most sends waiting; one more fails with NOT_STORED. */
  private static final int CAPACITY = 20_000;

  private static final ScheduledThreadPoolExecutor TIMEOUTS = timeouts();

  private final InMemoryBroker broker;
  private final ThreadPoolExecutor thread;
  private long incarnation;
  private int messageLimit = InMemoryBroker.MESSAGE_LIMIT;
  private int failing;
  private Verdict failure = Verdict.UNKNOWN;
  private int cutting;

  Intake(InMemoryBroker broker) {
    this.broker = broker;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CAPACITY),
            work -> daemon(work, "bowline-memory-broker"));
    thread.allowCoreThreadTimeOut(true);
  }

  /** The sends under way are cut off. Called under the broker's lock, as are the next three. */
  void cut() {
    incarnation++;
  }

  void failNext(int sends, Verdict verdict) {
    failing = sends;
    failure = verdict;
  }

  void cutAfterStoring(int sends) {
    cutting = sends;
  }

  void limitMessages(int bytes) {
    messageLimit = bytes;
  }

  CompletableFuture<Receipt> send(MemoryTransport from, Outgoing message, Duration timeout) {
    long sentTo = broker.locked(() -> incarnation);
    Sending sending = new Sending(message, from, sentTo, new CompletableFuture<>());
    Future<?> timer =
        TIMEOUTS.schedule(
            () -> sending.fail(Verdict.UNKNOWN, "no confirm within " + timeout),
            timeout.toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      thread.execute(() -> answer(sending, timer));
    } catch (RejectedExecutionException full) {
      sending.fail(Verdict.NOT_STORED, CAPACITY + " sends are waiting already; send slower");
    }
    return sending.answer();
  }

  private void answer(Sending sending, Future<?> timer) {
    Runnable answer = broker.locked(() -> decide(sending));
    timer.cancel(false);
    answer.run();
  }

  /** Stores or not, under the broker's lock; the answer is given outside it. */
  private Runnable decide(Sending sending) {
    awaitResume(sending);
    if (sending.incarnation() != incarnation || sending.from().isCrashed()) {
      return () -> sending.fail(Verdict.UNKNOWN, "the connection was cut");
    }
    if (broker.isKilled()) {
      return () -> sending.fail(Verdict.NOT_STORED, "not connected; is the broker running?");
    }
    if (failing > 0) {
      failing--;
      Verdict verdict = failure;
      return () -> sending.fail(verdict, "failed on purpose, not stored");
    }
    return store(sending);
  }

  private Runnable store(Sending sending) {
    Outgoing message = sending.message();
    Topic topic = broker.find(message.topic());
    if (topic == null) {
      return () -> sending.fail(Verdict.REFUSED, "the topic does not exist; ensure it first");
    }
    if (message.lane() < 0 || message.lane() >= topic.lanes.size()) {
      return () -> sending.fail(Verdict.REFUSED, "it has " + topic.lanes.size() + " lanes");
    }
    int limit = messageLimit;
    if (sending.bytes() > limit) {
      return () -> sending.fail(Verdict.REFUSED, "larger than " + limit + " bytes");
    }
    OptionalLong offset = topic.store(message);
    if (offset.isEmpty()) {
      String reason = InMemoryBroker.LANE_CAPACITY + " messages of this lane are unaccepted";
      return () -> sending.fail(Verdict.NOT_STORED, reason);
    }
    broker.change(() -> {});
    if (cutting > 0) {
      cutting--;
      return () -> sending.fail(Verdict.UNKNOWN, "the connection was cut on purpose, stored");
    }
    return () -> sending.confirm(offset.getAsLong());
  }

  private void awaitResume(Sending sending) {
    while (!broker.reachable() && !broker.isKilled() && sending.incarnation() == incarnation) {
      try {
        broker.awaitChange(TimeUnit.SECONDS.toNanos(1));
      } catch (InterruptedException notOurs) {
        // The thread belongs to all of the broker's clients: no interrupt of one ends it.
      }
    }
  }

  private static ScheduledThreadPoolExecutor timeouts() {
    ScheduledThreadPoolExecutor timeouts =
        new ScheduledThreadPoolExecutor(1, work -> daemon(work, "bowline-memory-timeouts"));
    timeouts.setRemoveOnCancelPolicy(true);
    return timeouts;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
