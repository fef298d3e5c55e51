// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one producer has under way to one partition, and the gate before it.
 *
 * <p>The broker keeps the order of an idempotent producer's batches by their sequence numbers, once
 * it knows the producer: of one that it does not know on this partition it takes any number
 * (KAFKA-14359; {@code ProducerAppendInfo.checkSequence} of broker 4.4.0). If the first batch fails
 * then, by a leader that moved say, the second is stored ahead of its next try. So the first
 * message of a lane goes alone, and the others wait here until it is confirmed; likewise after
 * {@link #IDLE_NANOS} without a message, for brokers forget idle producers.
 *
 * <p>Thread-safe. Sends are queued without a lock and leave from the front.
 */
final class KafkaLane {
  /** Well below {@code producer.id.expiration.ms}, by default a day. */
  static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final VarHandle TAIL = tailHandle();

  /** Whether messages may follow each other without waiting for answers. */
  private enum Gate {
    /** Nothing is proven: the next message goes alone. */
    SHUT,
    /** One goes alone, or those who waited for it are being handed over: the others wait. */
    PROVING,
    OPEN,
    /** The producer is gone. */
    GONE
  }

  private record Waiting(ProducerRecord<byte[], byte[]> message, KafkaSend send) {}

  private final Incarnation incarnation;
  private final String topic;
  private final int number;

  /** The front: a send that has ended, whose followers are under way. Moved by who sweeps. */
  private KafkaSend head;

  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile KafkaSend tail;
  private long lastSent;
  private volatile Gate gate = Gate.SHUT;
  private @Nullable KafkaSend alone;
  private Deque<Waiting> waiting = new ArrayDeque<>();

  KafkaLane(Incarnation incarnation, String topic, int number) {
    this.incarnation = incarnation;
    this.topic = topic;
    this.number = number;
    head = new KafkaSend("", this, 0);
    head.cancel(false);
    tail = head;
  }

  private static VarHandle tailHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(KafkaLane.class, "tail", KafkaSend.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Incarnation incarnation() {
    return incarnation;
  }

  String topic() {
    return topic;
  }

  int number() {
    return number;
  }

  /** Hands a message to the client, or keeps it until the one that goes alone is stored. */
  void take(ProducerRecord<byte[], byte[]> message, KafkaSend send) {
    boolean idle = send.sentAt() - lastSent > IDLE_NANOS && tail.isDone();
    boolean open = gate == Gate.OPEN && !idle;
    lastSent = send.sentAt();
    KafkaSend before = (KafkaSend) TAIL.getAndSet(this, send);
    before.next = send;
    if (open || mayPass(message, send, idle)) {
      send.handOver(message);
    }
  }

  private boolean mayPass(ProducerRecord<byte[], byte[]> message, KafkaSend send, boolean idle) {
    synchronized (this) {
      if (gate == Gate.SHUT || (gate == Gate.OPEN && idle)) {
        gate = Gate.PROVING;
        alone = send;
      } else if (gate == Gate.PROVING) {
        waiting.add(new Waiting(message, send));
        return false;
      }
      if (gate != Gate.GONE) {
        return true;
      }
    }
    send.fail(Verdict.NOT_STORED, "its producer broke before it was handed over. Try again.");
    return false;
  }

  /** Hears of each send that has ended. */
  void settled(KafkaSend send, boolean stored) {
    sweep();
    if (gate == Gate.PROVING) {
      proven(send, stored);
    }
  }

  private void proven(KafkaSend send, boolean stored) {
    synchronized (this) {
      if (alone != send || gate != Gate.PROVING) {
        return;
      }
      alone = null;
      if (waiting.isEmpty()) {
        gate = stored ? Gate.OPEN : Gate.SHUT;
        return;
      }
    }
    if (stored) {
      // Not here: this is the client's own thread, which makes the room that a send waits for.
      incarnation.later(this::handOverWaiting);
    } else {
      if (send.holdsBackTheNext()) {
        failWaiting();
      }
      if (!shutIfNothingWaits()) {
        incarnation.later(this::nextAlone);
      }
    }
  }

  private synchronized boolean shutIfNothingWaits() {
    if (waiting.isEmpty() && gate == Gate.PROVING) {
      gate = Gate.SHUT;
    }
    return waiting.isEmpty();
  }

  private void nextAlone() {
    Waiting next;
    synchronized (this) {
      next = gate == Gate.PROVING ? waiting.poll() : null;
      if (next == null) {
        gate = gate == Gate.PROVING ? Gate.SHUT : gate;
        return;
      }
      alone = next.send;
    }
    next.send.handOver(next.message);
  }

  private void handOverWaiting() {
    Waiting next = nextWaiting();
    while (next != null) {
      next.send.handOver(next.message);
      if (next.send.holdsBackTheNext()) {
        failWaiting();
        nextAlone();
        return;
      }
      next = nextWaiting();
    }
  }

  private synchronized @Nullable Waiting nextWaiting() {
    Waiting next = waiting.poll();
    if (next == null && gate == Gate.PROVING) {
      gate = Gate.OPEN;
    }
    return next;
  }

  /** Those that come meanwhile wait until all these are told. */
  private void failWaiting() {
    Deque<Waiting> dropped;
    synchronized (this) {
      dropped = waiting;
      waiting = new ArrayDeque<>();
    }
    for (Waiting each : dropped) {
      each.send.fail(
          Verdict.NOT_STORED,
          "it waited for an earlier message of its lane, which failed, and was not handed over."
              + " Try again after that one.");
    }
  }

  /** Whether messages wait here for one that goes alone. */
  synchronized boolean holdsSomeBack() {
    return !waiting.isEmpty();
  }

  /** Takes nothing more; what waits was not handed over. */
  void close() {
    synchronized (this) {
      gate = Gate.GONE;
    }
    failWaiting();
  }

  /** Forgets those at the front that have ended. Whoever finds another at it leaves it to him. */
  private void sweep() {
    if (sweeping.compareAndSet(false, true)) {
      try {
        var unused = oldest();
      } finally {
        sweeping.set(false);
      }
    }
  }

  private @Nullable KafkaSend oldest() {
    KafkaSend front = head;
    KafkaSend next = front.next;
    while (next != null && next.isDone()) {
      front.next = null; // whoever keeps an old future is not to keep all that followed it
      front = next;
      next = front.next;
    }
    head = front;
    return next;
  }

  /**
   * Ends those that were asked for before this moment.
   *
   * @return how long the oldest that is left is under way at that moment, in nanoseconds; negative
   *     if none is
   */
  long failOlder(long moment, long now, String why) {
    if (!sweeping.compareAndSet(false, true)) {
      return -1;
    }
    try {
      KafkaSend oldest = oldest();
      while (oldest != null && oldest.sentAt() - moment <= 0) {
        oldest.fail(Verdict.UNKNOWN, why);
        oldest = oldest();
      }
      return oldest == null ? -1 : now - oldest.sentAt();
    } finally {
      sweeping.set(false);
    }
  }
}
