// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends messages. Thread-safe; made by {@link ProducerBuilder#open}. */
public interface ReliableProducer extends AutoCloseable {

  /**
   * Sends a message. Messages of one key are stored in the order of the calls, through retries.
   *
   * <p>Waits while the window is full, and for an id from a store, at most {@link
   * ProducerBuilder#maxBlock}, else returns at once. The future completes within the {@link
   * ProducerBuilder#deadline}, on a thread of Bowline's that all sends of this producer share: what
   * is chained to it must not block; use the {@code …Async} methods for that.
   *
   * @return the receipt once the broker has stored the message; else fails with a {@link
   *     SendException} that says {@link Outcome#REJECTED} or {@link Outcome#UNKNOWN}
   */
  CompletableFuture<Receipt> send(Message message);

  /**
   * Sends several messages, as {@link #send} does each, in the order of the list. Waits for room at
   * most {@link ProducerBuilder#maxBlock} for all of them together; once one of them found none, it
   * and all after it are REJECTED, so that no key has a hole.
   *
   * @return how each message ended, once all have; it never fails for what becomes of a message
   * @throws NullPointerException if a message is null; then nothing is sent
   */
  CompletableFuture<BatchResult> sendAll(List<Message> messages);

  /**
   * Waits until all sends that have no outcome at the call have one and their futures are complete,
   * at most this long. Sends go on meanwhile. The future of a send whose outcome came right before
   * the call may complete a moment after the return.
   *
   * @return the ids of those that have none yet; empty if all have one
   */
  List<String> flush(Duration timeout);

  /**
   * Tries again at once what waits for its back-off to end, as when a person knows that the broker
   * is back; the next back-off of what fails once more is as long as ever. What the broker's client
   * waits for by itself, as for a connection, it ends not.
   */
  void retryNow();

  /**
   * Takes no more sends and waits for those under way, at most this long. What is then unresolved
   * fails at once: REJECTED if it was never handed to the broker's client, or all tries were proven
   * not stored; else UNKNOWN.
   *
   * @return how all sends ended, and by id those that had no outcome when the closing began
   */
  SendReport close(Duration timeout);

  /** As {@link #close(Duration)}, with the deadline of a send as the timeout. */
  @Override
  void close();
}
