// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.producer.SendException.Unconfirmed;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message between {@code send} and its outcome. Guarded by its lane's lock, except for what is
 * final.
 */
final class PendingSend {
  final Message message;
  final String id;
  final Sending decisions;
  final CompletableFuture<Receipt> future = new CompletableFuture<>();

  /** The message with its stamp and lane, the same at every try; null until it is its turn. */
  @Nullable Outgoing outgoing;

  boolean tryUnderWay;

  /** When the last try began. */
  Instant tryBegan = Instant.MAX;

  /** Whether its line has gone on to the next message: a late answer moves it no second time. */
  boolean over;

  /** Its lane; null until that is known. */
  volatile @Nullable LaneSender lane;

  PendingSend(Message message, String id, Sending decisions) {
    this.message = message;
    this.id = id;
    this.decisions = decisions;
  }

  int size() {
    return message.body().length;
  }

  /** The failure that tells the caller what became of the message, and why. */
  SendException failure(Outcome outcome, String why, @Nullable Throwable cause) {
    String seen = cause == null ? "" : ": " + cause.getMessage();
    return new SendException(
        new Unconfirmed(outcome, id, decisions.attempts()),
        "Sending message "
            + id
            + " to topic "
            + message.topic()
            + message.key().map(key -> " with key " + key).orElse("")
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
