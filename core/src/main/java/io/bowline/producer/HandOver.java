// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Watermark;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives messages to the transport and brings its answers back to their lanes: at once where that
 * needs no wait and no send, else on the progress thread, since a client's I/O thread must not be
 * held up. Thread-safe.
 */
final class HandOver {
  private static final Logger log = LoggerFactory.getLogger(HandOver.class);

  private final Transport transport;
  private final Stamping stamping;
  private final SendAccounts accounts;
  private final SendThreads threads;
  private final Runs<Runnable> progress;
  private final SteadyClock clock;
  private final RandomGenerator random;
  private final OncePerMinute warnings = new OncePerMinute();

  /** To whom it gives, whose clock it goes by, and its chance, which is thread-safe. */
  record To(Transport transport, SteadyClock clock, RandomGenerator random) {}

  HandOver(To to, Stamping stamping, SendAccounts accounts, SendThreads threads) {
    this.transport = to.transport;
    this.clock = to.clock;
    this.random = to.random;
    this.stamping = stamping;
    this.accounts = accounts;
    this.threads = threads;
    this.progress = new Runs<>(threads.progress(), Runnable::run);
  }

  /** As in {@link io.bowline.message.LaneNumber}. */
  long previousEpoch() {
    return stamping.previousEpoch();
  }

  Outgoing stamped(PendingSend send, Place place) {
    return stamping.stamped(send, place);
  }

  /**
   * Gives a watermark to the transport; called under its lane's lock.
   *
   * @param heard is told on the progress thread whether it is stored for sure
   */
  CompletableFuture<Void> mark(
      Place place, Function<Stamping.Source, Watermark> mark, Consumer<Boolean> heard) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    var unused =
        given(stamping.marked(place, mark))
            .whenComplete(
                (receipt, failure) ->
                    progress.add(
                        () -> {
                          if (failure != null && warnings.allows(place.topic() + " watermark")) {
                            log.warn(
                                "A watermark of lane {} of {} was not confirmed; the next one says"
                                    + " the same. Told at most once a minute",
                                place.lane(),
                                place.topic(),
                                failure);
                          }
                          heard.accept(receipt != null);
                          ended.complete(null);
                        }));
    return ended;
  }

  private CompletableFuture<Receipt> given(Outgoing outgoing) {
    try {
      return Objects.requireNonNull(transport.send(outgoing), "no answer to a send");
    } catch (RuntimeException | Error broken) { // it may have been sent before that
      return CompletableFuture.failedFuture(broken);
    }
  }

  /** Gives a stamped message to the transport; called under its lane's lock. */
  void give(LaneSender lane, PendingSend send, int attempt) {
    var unused =
        given(Objects.requireNonNull(send.outgoing, "not stamped"))
            .whenComplete(
                (receipt, failure) -> {
                  if (receipt == null) {
                    Throwable seen =
                        failure == null ? new IllegalStateException("no receipt") : failure;
                    failed(lane, send, attempt, verdictOf(seen));
                  } else if (lane.confirmsWaiting.get() > 0
                      || !lane.confirmedAtOnce(send, receipt)) {
                    confirmedSoon(lane, send, receipt);
                  }
                });
  }

  /** Behind it the lane's other confirms wait too: they are heard in the order of their telling. */
  private void confirmedSoon(LaneSender lane, PendingSend send, Receipt receipt) {
    lane.confirmsWaiting.incrementAndGet();
    progress.add(
        () -> {
          try {
            lane.confirmed(send, receipt);
          } finally {
            lane.confirmsWaiting.decrementAndGet();
          }
        });
  }

  private void failed(LaneSender lane, PendingSend send, int attempt, TransportException failure) {
    boolean heldBack = lane.failureTold(send);
    progress.add(
        () -> {
          lane.failed(send, attempt, failure);
          if (heldBack) {
            lane.failureHeard(send);
          }
        });
  }

  void confirmed(PendingSend send, Receipt receipt) {
    boolean unused = accounts.confirmed(send, receipt);
  }

  void failed(PendingSend send, SendException failure) {
    boolean unused = accounts.failed(send, failure);
  }

  void retrying(PendingSend send, TransportException failure) {
    accounts.retrying(send);
    log.debug("Message {} is sent again after try {}", send.id, send.decisions.attempts(), failure);
  }

  /** A message was stored behind later ones of its key: order is broken, and nobody hides it. */
  void reordered(PendingSend send) {
    accounts.reordered(send);
    if (warnings.allows(send.message.topic())) {
      log.warn(
          "Message {} to topic {}, number {} of its key, was confirmed after later ones of the key:"
              + " consumers may see it behind them. Order.STRICT keeps them apart",
          send.id,
          send.message.topic(),
          send.number);
    }
  }

  void again(long nanos, Runnable task) {
    threads.again(nanos, task);
  }

  long nanos() {
    return clock.nanos();
  }

  /** The time of day, in milliseconds since 1970. */
  long millis() {
    return clock.millis();
  }

  RandomGenerator random() {
    return random;
  }

  /** A failure that a transport should not have shown is as unknown as any. */
  static TransportException verdictOf(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException || cause instanceof ExecutionException) {
      if (cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    return cause instanceof TransportException known
        ? known
        : new TransportException(Verdict.UNKNOWN, "The transport failed: " + cause, cause);
  }
}
