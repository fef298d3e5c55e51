// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One message's way to the broker: the future, the client's callback and the link in its lane's
 * queue are one object, since there is one per message. It knows its message by name only, so that
 * no body is kept. Completed by whoever comes first, and only once.
 */
final class KafkaSend extends CompletableFuture<Receipt> implements Callback {
  private final String messageId;
  private final KafkaLane lane;
  private final long sentAt;

  /** The next send of the lane. */
  volatile @Nullable KafkaSend next;

  /**
   * Set while {@code producer.send} runs: a callback on this very thread came before any batch.
   * Another thread may read it late, and still does not find itself.
   */
  private @Nullable Thread handingOver;

  KafkaSend(String messageId, KafkaLane lane, long sentAt) {
    this.messageId = messageId;
    this.lane = lane;
    this.sentAt = sentAt;
  }

  /** When it was asked for, by {@link System#nanoTime}. */
  long sentAt() {
    return sentAt;
  }

  void handOver(ProducerRecord<byte[], byte[]> record) {
    handingOver = Thread.currentThread();
    try {
      // The answer comes to the callback; this future tells the same once more.
      var unused = lane.incarnation().producer().send(record, this);
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
      lane.incarnation().stored();
      complete(new Receipt(messageId, lane.topic(), lane.number(), position));
      lane.settled(this, true);
      return;
    }
    Throwable seen = exception == null ? new IllegalStateException("no answer") : exception;
    if (Thread.currentThread() == handingOver) {
      failed(Moment.HANDING_OVER, seen, false);
    } else {
      boolean again = lane.incarnation().mayHaveTriedAgainSince(sentAt);
      failed(again ? Moment.LATER_ANSWER : Moment.FIRST_ANSWER, seen, false);
    }
  }

  private void failed(Moment moment, Throwable seen, boolean thrown) {
    TransportException failure = KafkaVerdicts.exception(moment, tried(), seen);
    boolean unsure = failure.verdict() == Verdict.UNKNOWN;
    // A client that throws, rather than answers, for a reason we do not know has broken.
    boolean broke = thrown && unsure && !(seen instanceof InterruptException);
    boolean ends = broke || KafkaVerdicts.endsProducer(seen);
    Incarnation incarnation = lane.incarnation();
    boolean last = ends && incarnation.leaves(seen);
    if (ends && moment != Moment.HANDING_OVER) {
      // On the client's own thread, which can send nothing more from here on.
      incarnation.stop();
    } else if (seen instanceof BufferExhaustedException) {
      incarnation.bufferFull();
    } else if (seen instanceof TimeoutException && moment == Moment.HANDING_OVER) {
      incarnation.unreachable(lane.topic());
    }
    fail(failure);
    if (last) {
      incarnation.putAwayLater(seen);
    }
  }

  /** Ends it, unless it has ended. */
  void fail(Verdict verdict, String why) {
    if (!isDone()) {
      fail(new TransportException(verdict, tried() + " failed: " + why));
    }
  }

  private void fail(TransportException failure) {
    completeExceptionally(failure);
    lane.settled(this, false);
  }

  /** Whether it failed, and the lane's next message must not be stored before it is tried again. */
  boolean holdsBackTheNext() {
    return isCompletedExceptionally()
        && handle((receipt, failure) -> failure).getNow(null) instanceof TransportException failure
        && failure.verdict() != Verdict.REFUSED;
  }

  private String tried() {
    return tried(messageId, lane.topic(), lane.number());
  }

  static String tried(String messageId, String topic, int lane) {
    return "Sending message " + messageId + " to topic " + topic + " lane " + lane;
  }
}
