// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One send until its one outcome: it waits, is under way from the moment before its first byte is
 * written, and is answered. Only while it waits is it proven that the broker never had it.
 * Thread-safe.
 */
final class Publication {
  private static final AtomicIntegerFieldUpdater<Publication> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Publication.class, "state");
  private static final int WAITING = 0;
  private static final int UNDER_WAY = 1;
  private static final int ANSWERED = 2;

  private final Outgoing message;
  private final long came;
  private final long deadline;
  private final Outstanding outstanding;
  private final CompletableFuture<Receipt> outcome = new CompletableFuture<>();
  private volatile int state = WAITING;
  private @Nullable Returned returned;

  /** Why the broker gave a message back. */
  record Returned(int code, String text) {}

  /** A send that {@code outstanding} let in, and that comes now, by {@link System#nanoTime}. */
  Publication(Outgoing message, long now, long patience, Outstanding outstanding) {
    this.message = message;
    this.came = now;
    this.deadline = now + patience;
    this.outstanding = outstanding;
  }

  Outgoing message() {
    return message;
  }

  /** Whether it came before the moment that is given for its lane, if one is, or at it. */
  boolean cameBefore(Map<TopicLane, Long> moments) {
    Long moment = moments.get(TopicLane.of(this));
    return moment != null && came - moment <= 0;
  }

  boolean isLate(long now) {
    return now - deadline >= 0;
  }

  CompletableFuture<Receipt> outcome() {
    return outcome;
  }

  /** Before the first byte: false if it was answered while it waited. */
  boolean begin() {
    return STATE.compareAndSet(this, WAITING, UNDER_WAY);
  }

  /** Told by the thread that reads the answer too, before it. */
  void giveBack(Returned why) {
    returned = why;
  }

  @Nullable Returned returned() {
    return returned;
  }

  void confirm() {
    if (leave(STATE.getAndSet(this, ANSWERED))) {
      outcome.complete(new Receipt(message.messageId(), message.topic(), message.lane(), ""));
    }
  }

  void fail(TransportException failure) {
    if (leave(STATE.getAndSet(this, ANSWERED))) {
      outcome.completeExceptionally(failure);
    }
  }

  /** Fails it if nothing of it can have been written; whether it did. */
  boolean failWaiting(TransportException failure) {
    boolean waited = state == WAITING && STATE.compareAndSet(this, WAITING, ANSWERED);
    if (waited && leave(WAITING)) {
      outcome.completeExceptionally(failure);
    }
    return waited;
  }

  /** The caller may cancel the future himself: what counts is whether we answered. */
  private boolean leave(int before) {
    if (before == ANSWERED) {
      return false;
    }
    outstanding.leave(message.body().length);
    return true;
  }
}
