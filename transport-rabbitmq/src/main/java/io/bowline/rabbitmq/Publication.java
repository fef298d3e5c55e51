// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** One send until its one outcome. Thread-safe. */
final class Publication {
  private final Outgoing message;
  private final long deadline;
  private final Outstanding outstanding;
  private final CompletableFuture<Receipt> outcome = new CompletableFuture<>();
  private final AtomicBoolean answered = new AtomicBoolean();

  /** A send that {@code outstanding} let in, with its last moment by {@link System#nanoTime}. */
  Publication(Outgoing message, long deadline, Outstanding outstanding) {
    this.message = message;
    this.deadline = deadline;
    this.outstanding = outstanding;
  }

  Outgoing message() {
    return message;
  }

  boolean isLate(long now) {
    return now - deadline >= 0;
  }

  CompletableFuture<Receipt> outcome() {
    return outcome;
  }

  void confirm() {
    if (leave()) {
      outcome.complete(new Receipt(message.messageId(), message.topic(), message.lane(), ""));
    }
  }

  void fail(TransportException failure) {
    if (leave()) {
      outcome.completeExceptionally(failure);
    }
  }

  /** The caller may cancel the future himself: what counts is whether we answered. */
  private boolean leave() {
    boolean first = answered.compareAndSet(false, true);
    if (first) {
      outstanding.leave(message.body().length);
    }
    return first;
  }
}
