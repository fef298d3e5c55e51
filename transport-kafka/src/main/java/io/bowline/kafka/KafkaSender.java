// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by one producer at a time. A producer that can never store again is put away, what it had
 * under way is UNKNOWN, and the next send opens a new one. Thread-safe.
 */
final class KafkaSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSender.class);

  /** The shortest time between two producers, so that one that always dies costs little. */
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<Producer<byte[], byte[]>> opener;
  private final Duration confirmTimeout;
  private final SendsUnderWay underWay;
  private final Consumer<String> onUnreachableTopic;
  private volatile @Nullable Producer<byte[], byte[]> producer;
  private volatile boolean closed;
  private long openedAt;

  /**
   * Opens the first producer.
   *
   * @param onUnreachableTopic hears the name of a topic whose partitions the producer does not know
   */
  KafkaSender(
      Supplier<Producer<byte[], byte[]>> opener,
      Duration confirmTimeout,
      Consumer<String> onUnreachableTopic) {
    this.opener = opener;
    this.confirmTimeout = confirmTimeout;
    this.onUnreachableTopic = onUnreachableTopic;
    producer = opener.get();
    openedAt = System.nanoTime();
    underWay = new SendsUnderWay(confirmTimeout);
  }

  CompletableFuture<Receipt> send(Outgoing message) {
    Sending sending = new Sending(message, System.nanoTime() + confirmTimeout.toNanos());
    Producer<byte[], byte[]> current;
    try {
      current = closed ? null : current();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(
          new TransportException(
              Verdict.NOT_STORED, sending.tried() + " failed: no producer can be opened", e));
    }
    if (closed || current == null) {
      return CompletableFuture.failedFuture(noProducer(sending));
    }
    underWay.add(sending);
    sending.handOver(current);
    return sending.answer;
  }

  private TransportException noProducer(Sending sending) {
    return closed
        ? new TransportException(
            Verdict.REFUSED, sending.tried() + " failed: the transport is closed. Open another")
        : new TransportException(
            Verdict.NOT_STORED,
            sending.tried()
                + " failed: the last producer broke less than a second ago, and the next is not"
                + " open yet. Try again");
  }

  /** Asks for the partitions of a topic, so that the first send need not wait for them. */
  void warm(String topic) {
    try {
      Producer<byte[], byte[]> current = closed ? null : current();
      if (current != null) {
        current.partitionsFor(topic);
      }
    } catch (RuntimeException e) {
      LOG.debug("The producer does not know the partitions of {} yet", topic, e);
    }
  }

  private @Nullable Producer<byte[], byte[]> current() {
    Producer<byte[], byte[]> current = producer;
    return current == null ? reopened() : current;
  }

  private synchronized @Nullable Producer<byte[], byte[]> reopened() {
    if (producer == null && !closed && System.nanoTime() - openedAt >= REOPEN_NANOS) {
      openedAt = System.nanoTime();
      producer = opener.get();
      LOG.info("Opened a new Kafka producer in place of the broken one");
    }
    return producer;
  }

  private synchronized void putAway(Producer<byte[], byte[]> broken, Throwable why) {
    if (producer != broken || closed) {
      return;
    }
    producer = null;
    LOG.warn(
        "The Kafka producer broke and will store nothing more; what it had under way is UNKNOWN,"
            + " and the next send opens another: {}",
        why.toString());
    // Not on this thread: it may be the producer's own, or hold a lock that a callback needs.
    Thread closer = new Thread(() -> broken.close(Duration.ZERO), "bowline-kafka-put-away");
    closer.setDaemon(true);
    closer.start();
  }

  /** Waits for the sends under way, at most the confirm timeout; the rest is UNKNOWN. */
  @Override
  public void close() {
    Producer<byte[], byte[]> last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = producer;
    }
    // An interrupted close would leave the producer's thread behind.
    boolean interrupted = Thread.interrupted();
    try {
      if (last != null) {
        last.close(confirmTimeout);
      }
    } catch (RuntimeException e) {
      interrupted |= e instanceof InterruptException;
      LOG.warn("The Kafka producer did not close in order: {}", e.toString());
    } finally {
      underWay.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One message's way to the broker. Its future is completed in {@link #settle} only. */
  final class Sending implements Callback {
    private final Outgoing message;
    private final long deadline;
    private final CompletableFuture<Receipt> answer = new CompletableFuture<>();
    private @Nullable Producer<byte[], byte[]> by;

    /**
     * Set while {@code producer.send} runs: a callback on this very thread came before any batch.
     * Another thread may read it late, and still does not find itself.
     */
    private @Nullable Thread handingOver;

    Sending(Outgoing message, long deadline) {
      this.message = message;
      this.deadline = deadline;
    }

    void handOver(Producer<byte[], byte[]> current) {
      by = current;
      handingOver = Thread.currentThread();
      try {
        // The answer comes to the callback; this future tells the same once more.
        var unused = current.send(KafkaRecords.record(message), this);
      } catch (RuntimeException e) {
        failed(Moment.HANDING_OVER, e, true);
      } finally {
        handingOver = null;
      }
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception == null && metadata != null) {
        // Without an offset when the broker recognised a repetition of the client's own.
        String position = metadata.hasOffset() ? Long.toString(metadata.offset()) : "";
        settle(new Receipt(message.messageId(), message.topic(), message.lane(), position), null);
        return;
      }
      boolean early = Thread.currentThread() == handingOver;
      Throwable seen = exception == null ? new IllegalStateException("no answer") : exception;
      failed(early ? Moment.HANDING_OVER : Moment.ANSWERED, seen, false);
    }

    /** No answer came within the confirm timeout, whatever the client may still do. */
    void expire() {
      settle(
          null,
          new TransportException(
              Verdict.UNKNOWN,
              tried()
                  + " failed: no answer within "
                  + confirmTimeout
                  + ". It may be stored and may still appear: send it again under the same id, and"
                  + " expect a duplicate."));
    }

    /** Whether its time is over. */
    boolean isOver(long nowNanos) {
      return deadline - nowNanos <= 0;
    }

    private void failed(Moment moment, Throwable seen, boolean thrown) {
      TransportException failure = KafkaVerdicts.exception(moment, tried(), seen);
      boolean unsure = failure.verdict() == Verdict.UNKNOWN;
      // A client that throws, rather than answers, for a reason we do not know has broken.
      boolean broke = thrown && unsure && !(seen instanceof InterruptException);
      Producer<byte[], byte[]> used = by;
      if (used != null && (broke || KafkaVerdicts.endsProducer(seen))) {
        putAway(used, seen);
      }
      if (failure.verdict() == Verdict.NOT_STORED && moment == Moment.HANDING_OVER) {
        onUnreachableTopic.accept(message.topic());
      }
      settle(null, failure);
    }

    private void settle(@Nullable Receipt receipt, @Nullable TransportException failure) {
      underWay.remove(this);
      if (receipt != null) {
        answer.complete(receipt);
      } else if (failure != null) {
        answer.completeExceptionally(failure);
      }
    }

    String tried() {
      return "Sending message "
          + message.messageId()
          + " to topic "
          + message.topic()
          + " lane "
          + message.lane();
    }
  }
}
