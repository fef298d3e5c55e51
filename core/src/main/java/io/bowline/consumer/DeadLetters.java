// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of messages that could not be processed, on a topic of their own. The original is
 * acknowledged only after the copy is confirmed. A copy that the broker refuses, perhaps for its
 * size, is sent once more with fewer words. Thread-safe.
 */
final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final String topic;
  private final ReliableProducer producer;
  private final Copying copying;
  private final DeadLetterCopy copies;
  private final OncePerMinute warnings = new OncePerMinute();

  /**
   * Whose messages are copied, when, and who watches.
   *
   * @param kind what its topic is for, in words
   * @param threads where a second send may wait for room
   */
  record Copying(
      String kind, String group, Clock clock, HandleObservations observations, Executor threads) {}

  DeadLetters(String topic, ReliableProducer producer, Copying copying) {
    this.topic = topic;
    this.producer = producer;
    this.copying = copying;
    this.copies = new DeadLetterCopy(topic, copying.group);
  }

  /** Sends the copy. It never throws: whatever goes wrong, the line of the message must go on. */
  CompletableFuture<Receipt> send(Work work, Throwable failure) {
    try {
      return send(work.lastAttempt(), failure);
    } catch (RuntimeException | Error broken) {
      return CompletableFuture.failedFuture(broken);
    }
  }

  private CompletableFuture<Receipt> send(Received received, Throwable failure) {
    Instant now = copying.clock.instant();
    return send(received, copies.full(received, failure, now))
        .exceptionallyComposeAsync(
            unconfirmed ->
                isRefused(unconfirmed)
                    ? sendSmall(received, copies.small(received, failure, now), unconfirmed)
                    : CompletableFuture.failedFuture(unconfirmed),
            copying.threads);
  }

  private CompletableFuture<Receipt> send(Received received, Message copy) {
    return copying.observations.deadLetter(received, () -> producer.send(copy));
  }

  private CompletableFuture<Receipt> sendSmall(Received received, Message copy, Throwable refusal) {
    return send(received, copy)
        .thenApply(
            receipt -> {
              if (warnings.allows("small")) {
                log.warn(
                    "{} refused a dead letter, and took it without its stack summary and with a"
                        + " short reason. Allow larger messages or headers there, or send smaller"
                        + " headers. Told at most once a minute",
                    topic,
                    refusal);
              }
              return receipt;
            });
  }

  private static boolean isRefused(Throwable failure) {
    Throwable sent = failure instanceof CompletionException ? failure.getCause() : failure;
    return sent instanceof SendException send && send.isRefused();
  }

  String topic() {
    return topic;
  }

  /** What its topic is for. */
  String kind() {
    return copying.kind;
  }

  /** Whether an unconfirmed copy may be told at WARN now: once a minute, since they are many. */
  boolean tellsUnconfirmed() {
    return warnings.allows("unconfirmed");
  }

  /** Gives up what is under way: its original was not acknowledged, and comes again. */
  void close() {
    producer.close(Duration.ZERO);
  }
}
