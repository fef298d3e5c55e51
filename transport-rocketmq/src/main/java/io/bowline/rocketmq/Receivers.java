// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.apache.rocketmq.client.java.exception.BadRequestException;
import org.apache.rocketmq.client.java.exception.ForbiddenException;
import org.apache.rocketmq.client.java.exception.UnauthorizedException;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait at the broker, since a receive there blocks for seconds. They fetch only
 * what there is room for, and hand it to the polling thread. Thread-safe.
 */
final class Receivers {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration ROOM_WAIT = Duration.ofMillis(200);

  /** What one receive brought. */
  record Batch(List<MessageView> views, long receivedAt) {}

  /**
   * What the threads do.
   *
   * @param who topic and group, for people
   * @param threads how many wait at once
   * @param batch the most that one receive brings
   * @param invisible how long what it brings stays ours
   * @param answerWithin the longest a receive takes before it is given up
   */
  record Plan(String who, int threads, int batch, Duration invisible, Duration answerWithin) {}

  private final SimpleConsumer consumer;
  private final Plan plan;
  private final Semaphore room;
  private final Complaints complaints;

  /** Bounded by the room that each message takes. */
  private final BlockingQueue<Batch> inbox = new LinkedBlockingQueue<>();

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable TransportException broken;

  Receivers(SimpleConsumer consumer, Plan plan, int maxUnsettled, Complaints complaints) {
    this.consumer = consumer;
    this.plan = plan;
    this.complaints = complaints;
    room = new Semaphore(maxUnsettled);
  }

  void start() {
    for (int i = 0; i < plan.threads; i++) {
      Thread thread = new Thread(this::run, "bowline-rocketmq-receiver-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** The next batch; null if none comes in this time. */
  @Nullable Batch next(long nanos) throws InterruptedException {
    return inbox.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** A batch that is there already; null if none is. */
  @Nullable Batch next() {
    return inbox.poll();
  }

  /** So many are settled. */
  void leave(int settled) {
    room.release(settled);
  }

  /** Why nothing will ever come; null while something may. */
  @Nullable TransportException broken() {
    return broken;
  }

  /** Fetches nothing more. A receive under way may still bring something, until {@link #ended}. */
  void stop() {
    stopping.countDown();
  }

  /** Waits until nothing more can come; false if that took too long. */
  boolean ended(Duration within) throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    for (Thread thread : threads) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      thread.join(Math.max(1, millis));
      if (thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  private void run() {
    try {
      Duration pause = FIRST_PAUSE;
      while (stopping.getCount() > 0) {
        int wanted = roomForSome();
        if (wanted > 0) {
          pause = received(wanted) ? FIRST_PAUSE : paused(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      broken = unusable("a receiver was interrupted", e);
    } catch (Exception | Error e) {
      broken = unusable("a receiver failed with " + e, e);
    }
  }

  private int roomForSome() throws InterruptedException {
    if (!room.tryAcquire(ROOM_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return 0;
    }
    int wanted = 1;
    while (wanted < plan.batch && room.tryAcquire()) {
      wanted++;
    }
    return wanted;
  }

  private boolean received(int wanted) throws InterruptedException {
    int got = 0;
    try {
      List<MessageView> views =
          consumer
              .receiveAsync(wanted, plan.invisible)
              .get(plan.answerWithin.toMillis(), TimeUnit.MILLISECONDS);
      got = Math.min(wanted, views.size());
      if (!views.isEmpty()) {
        inbox.add(new Batch(views, System.nanoTime()));
      }
      return true;
    } catch (ExecutionException e) {
      failed(RocketVerdicts.unwrapped(e));
      return false;
    } catch (TimeoutException e) {
      failed(e);
      return false;
    } finally {
      room.release(wanted - got);
    }
  }

  private void failed(Throwable cause) {
    boolean forGood =
        cause instanceof BadRequestException
            || cause instanceof UnauthorizedException
            || cause instanceof ForbiddenException;
    if (forGood) {
      broken = unusable(RocketVerdicts.described(cause), cause);
      stop();
    } else if (stopping.getCount() > 0) {
      complaints.about(
          "receive",
          "Nothing is received for {} just now, trying on: {}",
          plan.who,
          RocketVerdicts.described(cause));
    }
  }

  private Duration paused(Duration pause) throws InterruptedException {
    if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      return pause;
    }
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private TransportException unusable(String why, Throwable cause) {
    return new TransportException(
        Verdict.REFUSED, "Receiving for " + plan.who + " cannot go on: " + why, cause);
  }
}
