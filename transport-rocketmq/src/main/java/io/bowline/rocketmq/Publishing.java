// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.apis.producer.SendReceipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's producer, and another when it hears nothing any more. A connection that is dead and
 * does not know it fails every send by its deadline, and the client (5.2.0) looks at a connection
 * only every 5 min: so a producer that had no answer at all for the time of a request is replaced.
 * Thread-safe.
 */
final class Publishing {
  private static final Logger log = LoggerFactory.getLogger(Publishing.class);

  private final RocketSettings settings;
  private final RocketClient client;
  private final SendSigns signs;
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile Producer producer;
  private volatile long heardAt = System.nanoTime();
  private volatile boolean closed;

  Publishing(RocketSettings settings, RocketClient client) {
    this.settings = settings;
    this.client = client;
    signs = new SendSigns(settings.events());
    producer = client.producer();
  }

  /** One request, or none if the client refuses the message; it never tries again. */
  CompletableFuture<SendReceipt> send(Message message) {
    Producer by = producer;
    long sentAt = System.nanoTime();
    return sentBy(by, message)
        .whenComplete(
            (receipt, failure) -> {
              if (failure == null || RocketVerdicts.isAnswer(failure)) {
                heardAt = System.nanoTime();
              } else if (RocketVerdicts.isDeadline(failure) && heardAt - sentAt < 0) {
                renew(by);
              }
              signs.ended(failure);
            });
  }

  private static CompletableFuture<SendReceipt> sentBy(Producer producer, Message message) {
    try {
      return producer.sendAsync(message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void renew(Producer silent) {
    if (closed || silent != producer || !renewing.compareAndSet(false, true)) {
      return;
    }
    Executor thread = task -> RocketClient.daemon("bowline-rocketmq-renewing", task);
    thread.execute(
        () -> {
          try {
            replace(silent);
          } finally {
            renewing.set(false);
          }
        });
  }

  private void replace(Producer silent) {
    try {
      Producer next = client.producer();
      producer = next;
      log.info(
          "No answer from {} for {}: sending goes on by new connections",
          settings.address(),
          settings.sendRequestTimeout());
      later(silent);
      if (closed) {
        RocketClient.closed("producer", next, settings.connectTimeout());
      }
    } catch (TransportException e) {
      log.warn("A new producer for {} could not be opened: {}", settings.address(), e.toString());
    }
  }

  /** Not before the last request on it is over, by its deadline. */
  private void later(Producer silent) {
    long millis = settings.sendRequestTimeout().toMillis() + 1_000;
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(() -> RocketClient.later("silent producer", silent));
  }

  void close() {
    closed = true;
    RocketClient.closed("producer", producer, settings.connectTimeout());
    signs.close();
  }
}
