// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by one producer at a time. One that can never store again, or whose login is refused, is
 * put away; what it had under way is told as UNKNOWN, and only then the next send opens another.
 * Each send ends at its deadline: the client's own delivery timeout comes earlier, but late or
 * never while its thread waits for a broker that hangs. Thread-safe.
 */
final class KafkaSender implements AutoCloseable, Incarnation.Troubles {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSender.class);

  /** The shortest time between two producers, so that one that always dies costs little. */
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How much later than its deadline a send may end. */
  private static final Duration MOST_LATE = Duration.ofMillis(100);

  private final Supplier<Producer<byte[], byte[]>> opener;
  private final TransportConfig config;
  private final BufferPressure pressure;
  private final Publishing publishing;
  private final LoginWatch watch;
  private final Consumer<String> onUnreachableTopic;
  private final OncePerMinute warnings = new OncePerMinute();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(KafkaSender::thread);
  private volatile @Nullable Incarnation incarnation;
  private volatile boolean closed;
  private @Nullable Incarnation leaving;
  private @Nullable Throwable lastEnd;
  private long reopenAt;

  /**
   * Opens the first producer.
   *
   * @param onUnreachableTopic hears the name of a topic whose partitions the producer does not know
   */
  KafkaSender(
      Supplier<Producer<byte[], byte[]>> opener,
      TransportConfig config,
      LoginWatch watch,
      Consumer<String> onUnreachableTopic) {
    this.opener = opener;
    this.config = config;
    this.watch = watch;
    this.onUnreachableTopic = onUnreachableTopic;
    pressure = new BufferPressure(config.events());
    publishing = new Publishing(config.events());
    reopenAt = System.nanoTime() + REOPEN_NANOS;
    incarnation = new Incarnation(opener.get(), this);
    long every =
        Math.max(1, Math.min(MOST_LATE.toMillis(), config.confirmTimeout().toMillis() / 10));
    var unused = clock.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "bowline-kafka-deadlines");
    thread.setDaemon(true);
    return thread;
  }

  CompletableFuture<Receipt> send(Outgoing message) {
    long now = System.nanoTime();
    try {
      Incarnation by = closed ? null : current();
      if (by == null || pressure.turnsAway(now)) {
        return CompletableFuture.failedFuture(turnedAway(message, by == null));
      }
      ProducerRecord<byte[], byte[]> record = KafkaRecords.record(message);
      KafkaLane lane = by.lane(message);
      KafkaSend send = new KafkaSend(message.messageId(), lane, now);
      lane.take(record, send);
      return send;
    } catch (RuntimeException e) {
      // Nothing was handed over yet: that is caught where it is done.
      TransportException failure = KafkaVerdicts.exception(Moment.HANDING_OVER, tried(message), e);
      return CompletableFuture.failedFuture(
          failure.verdict() == Verdict.REFUSED
              ? failure
              : new TransportException(
                  Verdict.NOT_STORED, tried(message) + " failed: no producer can be opened", e));
    }
  }

  private static String tried(Outgoing message) {
    return KafkaSend.tried(message.messageId(), message.topic(), message.lane());
  }

  private synchronized TransportException turnedAway(Outgoing message, boolean noProducer) {
    String tried = tried(message) + " failed: ";
    if (closed) {
      return new TransportException(
          Verdict.REFUSED, tried + "the transport is closed. Open another.");
    }
    if (!noProducer) {
      return new TransportException(
          Verdict.NOT_STORED, tried + "the client's buffer is full (buffer.memory). Try again.");
    }
    Throwable end = lastEnd;
    if (end != null && KafkaVerdicts.isLasting(end)) {
      return KafkaVerdicts.exception(Moment.FIRST_ANSWER, tried(message), end);
    }
    return new TransportException(
        Verdict.NOT_STORED,
        tried + "the last producer broke, and the next is not open yet. Try again.",
        end);
  }

  /** Asks for the partitions of a topic, so that the first send need not wait for them. */
  void warm(String topic) {
    long end = System.nanoTime() + config.connectTimeout().toNanos();
    boolean unknown = true;
    while (unknown && !Thread.currentThread().isInterrupted()) {
      try {
        Incarnation current = current();
        unknown = current != null && current.producer().partitionsFor(topic).isEmpty();
      } catch (TimeoutException e) {
        LOG.debug("The producer does not know the partitions of {} yet", topic, e);
      } catch (RuntimeException e) {
        LOG.debug("The producer cannot ask for the partitions of {}", topic, e);
        return;
      }
      unknown &= System.nanoTime() - end < 0;
    }
  }

  private @Nullable Incarnation current() {
    Incarnation current = incarnation;
    return current == null && !closed ? reopened() : current;
  }

  private synchronized @Nullable Incarnation reopened() {
    long now = System.nanoTime();
    if (incarnation == null && !closed && leaving == null && now - reopenAt >= 0) {
      reopenAt = now + REOPEN_NANOS;
      Incarnation opened = new Incarnation(opener.get(), this);
      opened.trouble();
      incarnation = opened;
      LOG.info("Opened a new Kafka producer for {} in place of the broken one", config.address());
    }
    return incarnation;
  }

  @Override
  public synchronized boolean leaves(Incarnation broken, Throwable why) {
    if (incarnation != broken || closed) {
      return false;
    }
    incarnation = null;
    leaving = broken;
    lastEnd = why;
    if (KafkaVerdicts.isLasting(why)) {
      reopenAt = System.nanoTime() + REOPEN_NANOS;
    }
    if (warnings.allows(why.getClass().getName())) {
      LOG.warn(
          "The Kafka producer for {} will store nothing more; what it had under way is UNKNOWN, and"
              + " the next send opens another: {}",
          config.address(),
          why.toString());
    }
    publishing.lost(why.getClass().getSimpleName());
    return true;
  }

  /** Not on this thread: it may be the producer's own, or hold a lock that a callback needs. */
  @Override
  public void putAwayLater(Incarnation broken, Throwable why) {
    Thread closer = new Thread(() -> putAway(broken, why), "bowline-kafka-put-away");
    closer.setDaemon(true);
    closer.start();
  }

  private void putAway(Incarnation broken, Throwable why) {
    try {
      broken.putAway(why);
    } finally {
      synchronized (this) {
        leaving = null;
      }
    }
  }

  @Override
  public void bufferFull() {
    pressure.found();
  }

  @Override
  public void unreachable(String topic) {
    onUnreachableTopic.accept(topic);
  }

  @Override
  public synchronized boolean isOver(Incarnation storing) {
    if (incarnation == storing) {
      publishing.stored();
    }
    if (pressure.full() && storing.metrics().hasRoom()) {
      pressure.over();
    }
    return !pressure.full();
  }

  /** Ends what is overdue, and asks the broker what is wrong when answers stay away. */
  private void look() {
    try {
      long now = System.nanoTime();
      Incarnation current = incarnation;
      if (current == null) {
        return;
      }
      current.metrics().look(now);
      if (pressure.full() && current.metrics().hasRoom()) {
        pressure.over();
      }
      Duration longest = config.confirmTimeout();
      String why = "no answer within " + longest + ". " + KafkaVerdicts.MAY_BE_STORED + ".";
      long oldest = current.failOlder(now - longest.toNanos(), now, why);
      watch.look(oldest, now, trouble -> noticed(current, trouble));
    } catch (RuntimeException e) {
      LOG.warn("Looking after the sends to {} failed once: {}", config.address(), e.toString());
    }
  }

  private void noticed(Incarnation current, Throwable trouble) {
    if (KafkaVerdicts.endsProducer(trouble)) {
      current.end(trouble);
    } else if (incarnation == current) {
      current.trouble();
      publishing.lost("no broker answers: " + trouble.getClass().getSimpleName());
    }
  }

  /** Waits for the sends under way, at most the confirm timeout; the rest is UNKNOWN. */
  @Override
  public void close() {
    Incarnation last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = incarnation;
    }
    // An interrupted close would leave the producer's thread behind.
    boolean interrupted = Thread.interrupted();
    try {
      if (last != null) {
        closeInOrder(last);
      }
    } catch (RuntimeException e) {
      interrupted |= e instanceof InterruptException;
      LOG.warn("The Kafka producer did not close in order: {}", e.toString());
    } finally {
      clock.shutdownNow();
      pressure.over();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeInOrder(Incarnation last) {
    long end = System.nanoTime() + config.confirmTimeout().toNanos();
    while (last.holdsSomeBack() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(MOST_LATE.toNanos() / 2);
    }
    try {
      last.closeLanes();
      last.producer().close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } finally {
      last.abandon("the transport was closed before the answer came");
    }
  }
}
