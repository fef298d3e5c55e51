// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.LaneNumber;
import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.producer.SendException.Unconfirmed;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A message between {@code send} and its outcome. Guarded by its lane's lock, except for what is
 * final and what says otherwise.
 */
final class PendingSend {
  private static final AtomicIntegerFieldUpdater<PendingSend> TOLD =
      AtomicIntegerFieldUpdater.newUpdater(PendingSend.class, "told");

  final Message message;
  final @Nullable String key;
  final String id;
  final Sending decisions;

  /** What watches it, if anything does. */
  private @Nullable SendObservation observation;

  /** When send was called, in nanoseconds of the engine's clock. */
  final long began;

  final SendFuture future = new SendFuture(this);

  /** The message with its stamp and lane, the same at every try; null until it is its turn. */
  @Nullable Outgoing outgoing;

  /** Its key's number, while it has one. */
  @Nullable KeyNumber keyNumber;

  /** That number's place in the sequence, from the moment it is drawn; 0 for none. */
  long number;

  /** Whether it was sent before under that number; written before it comes to its lane. */
  boolean again;

  /** Its number in the chain of its lane, once it has one: told by its stamp, and alone. */
  @Nullable LaneNumber laneNumber;

  long laneSequence;

  /** Its neighbours among those of its lane that have a number and no outcome. */
  @Nullable PendingSend openBefore;

  @Nullable PendingSend openAfter;

  /** The digest of its body; written before it comes to its lane. */
  long digest;

  /** The line of its key, or null for a message without key, and before it came to its lane. */
  @Nullable KeyLine line;

  /** The next that waits in its line. */
  @Nullable PendingSend next;

  State state = State.WAITING;

  /** When the last try began, in nanoseconds of the engine's clock. */
  long tryBegan;

  /** Its lane; null until that is known. */
  volatile @Nullable LaneSender lane;

  /** Whether it has no outcome yet. Written by {@link Unresolved}, as the next. */
  volatile boolean unresolved;

  int place;

  /** How it ended: written once, by who took it out of the unresolved ones. */
  volatile @Nullable Receipt receipt;

  /** As {@link #receipt}, where it was not confirmed. */
  volatile @Nullable SendException failure;

  /** 1 once somebody set out to complete the caller's future. */
  private volatile int told;

  /** Where a message is, as its line sees it; after a closing this may lag behind its outcome. */
  enum State {
    /** Not handed to the transport yet. */
    WAITING,
    /** A try is with the transport. */
    UNDER_WAY,
    /** The last try failed, and another one follows. */
    FAILED,
    /** Its line has gone on: a late answer moves it no second time. */
    OVER
  }

  PendingSend(Message message, String id, Sending decisions, long began) {
    this.began = began;
    this.message = message;
    this.key = message.key().orElse(null);
    this.id = id;
    this.decisions = decisions;
  }

  /** Lets its way be watched. */
  PendingSend observed(@Nullable SendObservation by) {
    observation = by;
    return this;
  }

  /** It is sent once more. */
  void retried() {
    if (observation != null) {
      observation.retried();
    }
  }

  private void ended() {
    if (observation == null) {
      return;
    }
    Receipt stored = receipt;
    SendException why = failure;
    if (stored != null) {
      observation.confirmed(stored);
    } else if (why != null) {
      observation.failed(why);
    }
  }

  int size() {
    return message.body().length;
  }

  /** How it ended; UNKNOWN if that is not known yet. */
  SendResult result() {
    Receipt stored = receipt;
    if (stored != null) {
      return SendResult.of(stored);
    }
    SendException why = failure;
    return SendResult.of(
        why == null ? failure(Outcome.UNKNOWN, "its outcome was not known in time", null) : why);
  }

  /**
   * Completes the caller's future with how it ended, once. Runs users' code: not on a client's
   * thread.
   */
  void complete() {
    if (told == 1 || !TOLD.compareAndSet(this, 0, 1)) {
      return;
    }
    ended();
    Receipt stored = receipt;
    SendException why = failure;
    if (stored != null) {
      future.complete(stored);
    } else if (why != null) {
      future.completeExceptionally(why);
    }
    future.forgetSend();
  }

  /** The failure that tells the caller what became of the message, and why. */
  SendException failure(Outcome outcome, String why, @Nullable Throwable cause) {
    String seen = cause == null ? "" : ": " + cause.getMessage();
    return new SendException(
        new Unconfirmed(outcome, id, decisions.attempts()),
        "Sending "
            + (id.isEmpty() ? "a message without id" : "message " + id)
            + " to topic "
            + message.topic()
            + (key == null ? "" : " with key " + key)
            + " ended "
            + outcome
            + " after "
            + decisions.attempts()
            + " attempts, since "
            + why
            + seen
            + advice(outcome),
        cause);
  }

  private static String advice(Outcome outcome) {
    return outcome == Outcome.UNKNOWN
        ? ". It may be stored: send it again only under the same id"
        : ". It is not stored";
  }
}
