// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.producer.SendReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each message once and finds its outcome.
 *
 * <p>Only a thread of its own calls the client, whose {@code sendAsync} may wait for a lock that it
 * holds while it closes an idle connection, which may take for ever: then sends end by their
 * deadline, and no caller waits. Thread-safe.
 */
final class RocketSender {
  private static final Logger log = LoggerFactory.getLogger(RocketSender.class);

  private final RocketSettings settings;
  private final RocketMessages messages;
  private final Publishing publishing;
  private final KeySends sends = new KeySends();

  /** Topics that existed once, so that "not found" means that their brokers are away. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private final Set<Sending> underWay = ConcurrentHashMap.newKeySet();

  /** Bounded by who sends: each waits for at most the confirm timeout. */
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> RocketClient.thread("bowline-rocketmq-sending", task));

  private volatile boolean closed;

  RocketSender(RocketSettings settings, RocketMessages messages, Publishing publishing) {
    this.settings = settings;
    this.messages = messages;
    this.publishing = publishing;
  }

  /** This topic was there. */
  void saw(String topic) {
    seen.add(topic);
  }

  CompletableFuture<Receipt> send(Outgoing message) {
    CompletableFuture<Receipt> result = new CompletableFuture<>();
    if (closed) {
      result.completeExceptionally(closedBefore(message));
      return result;
    }
    Message written;
    try {
      written = messages.written(message);
    } catch (RuntimeException e) {
      result.completeExceptionally(failure(message, e));
      return result;
    }
    Sending sending = new Sending(message, written, result);
    underWay.add(sending);
    giveUpInTime(sending);
    sends.add(message, () -> start(sending));
    return result;
  }

  private static TransportException closedBefore(Outgoing message) {
    return new TransportException(
        Verdict.REFUSED, message + " was not sent: this transport is closed");
  }

  private static final class Sending {
    private final Outgoing message;
    private final Message written;
    private final CompletableFuture<Receipt> result;

    /** Whether it was handed to the client, or given up before: one of them, decided once. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private Sending(Outgoing message, Message written, CompletableFuture<Receipt> result) {
      this.message = message;
      this.written = written;
      this.result = result;
    }
  }

  private CompletableFuture<Receipt> start(Sending sending) {
    try {
      thread.execute(() -> handOver(sending));
    } catch (RejectedExecutionException e) {
      sending.result.completeExceptionally(closedBefore(sending.message));
    }
    return sending.result;
  }

  /** Sends, unless the time ran out while it waited. */
  private void handOver(Sending sending) {
    if (!sending.decided.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<SendReceipt> unused =
        publishing
            .send(sending.written)
            .whenComplete(
                (receipt, failure) -> {
                  if (failure == null) {
                    sending.result.complete(confirmed(sending.message, receipt));
                  } else {
                    sending.result.completeExceptionally(failure(sending.message, failure));
                  }
                });
  }

  private void giveUpInTime(Sending sending) {
    CompletableFuture<Receipt> result = sending.result;
    // A copy, since what it throws is not ours; the timer ends with the result.
    CompletableFuture<Receipt> unused =
        result
            .copy()
            .orTimeout(settings.confirmTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (receipt, failure) -> {
                  underWay.remove(sending);
                  if (failure instanceof TimeoutException) {
                    result.completeExceptionally(outOfTime(sending));
                  }
                });
  }

  private TransportException outOfTime(Sending sending) {
    boolean unsent = sending.decided.compareAndSet(false, true);
    return new TransportException(
        unsent ? Verdict.NOT_STORED : Verdict.UNKNOWN,
        "%s had no answer from RocketMQ at %s within %s%s"
            .formatted(
                sending.message,
                settings.endpoints(),
                settings.confirmTimeout(),
                unsent ? ": it still waited for the sends before it" : ""));
  }

  private Receipt confirmed(Outgoing message, SendReceipt receipt) {
    if (!seen.contains(message.topic())) {
      seen.add(message.topic());
    }
    return new Receipt(
        message.messageId(), message.topic(), message.lane(), receipt.getMessageId().toString());
  }

  private TransportException failure(Outgoing message, Throwable failure) {
    if (RocketVerdicts.unwrapped(failure) instanceof TransportException ours) {
      return ours;
    }
    return new TransportException(
        RocketVerdicts.of(failure, seen.contains(message.topic())),
        "%s was not confirmed by RocketMQ at %s: %s"
            .formatted(message, settings.endpoints(), RocketVerdicts.described(failure)),
        failure);
  }

  /** Refuses what comes, waits for what is under way, at most the confirm timeout, and ends. */
  void close() {
    closed = true;
    try {
      CompletableFuture.allOf(
              underWay.stream().map(each -> each.result).toArray(CompletableFuture[]::new))
          .get(settings.confirmTimeout().toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Sends under way at closing ended with {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
    publishing.close();
  }
}
