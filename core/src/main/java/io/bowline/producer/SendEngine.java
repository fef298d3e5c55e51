// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.Names;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer's threads and accounts; it decides nothing. What the client's I/O thread tells is
 * handed to the progress thread at once; a caller's future completes on a third thread, so that
 * what is chained to it holds up no message.
 */
final class SendEngine implements ReliableProducer {
  private static final Logger log = LoggerFactory.getLogger(SendEngine.class);
  private static final String INTERRUPTED =
      "its thread was interrupted before the message was handed over";

  /** How often overdue sends are looked for. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Transport transport;
  private final ProducerSettings settings;
  private final SendWindow window;
  private final SendThreads threads;
  private final TopicLanes topics;
  private final Clock clock = new SteadyClock(Clock.systemUTC());
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final long epoch;
  private final Set<PendingSend> unresolved = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watching = new AtomicBoolean();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private volatile boolean abandoning;

  SendEngine(Transport transport, ProducerSettings settings) {
    this.transport = transport;
    this.settings = settings;
    this.window = new SendWindow(settings.windowMessages(), settings.windowBytes());
    this.threads = new SendThreads(settings.source());
    this.topics = new TopicLanes(transport, this, threads.lookups());
    // 43 bits of milliseconds above 20 random ones: later ones are greater, and two are not equal.
    this.epoch = (clock.millis() << 20) | random.nextInt(1 << 20);
    log.info("Producer {} opened, epoch {}", settings.source(), Long.toHexString(epoch));
  }

  @Override
  public CompletableFuture<Receipt> send(Message message) {
    String id = Names.required("message id", message.id().orElseGet(settings.ids()::next));
    Sending decisions = new Sending(settings.retry(), settings.lastTry());
    PendingSend send = new PendingSend(message, id, decisions);
    Instant start = now();
    SendWindow.Entry entry;
    try {
      entry = window.enter(send.size(), settings.maxBlock());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return notEntered(send, INTERRUPTED);
    }
    if (entry != SendWindow.Entry.ENTERED) {
      boolean closed = entry == SendWindow.Entry.CLOSED;
      return notEntered(send, closed ? "the producer is closed" : windowFull());
    }
    unresolved.add(send);
    watch();
    if (abandoning) {
      abandon(send);
    } else {
      toLane(send, settings.maxBlock().minus(Duration.between(start, now())));
    }
    return send.future;
  }

  private CompletableFuture<Receipt> notEntered(PendingSend send, String why) {
    rejected.increment();
    send.future.completeExceptionally(send.failure(Outcome.REJECTED, why, null));
    return send.future;
  }

  private void toLane(PendingSend send, Duration longest) {
    try {
      topics.of(send.message, longest).offer(send);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      failed(send, Outcome.REJECTED, send.failure(Outcome.REJECTED, INTERRUPTED, null));
    } catch (TransportException unreachable) {
      String why = "its topic could not be looked up";
      failed(send, Outcome.REJECTED, send.failure(Outcome.REJECTED, why, unreachable));
    }
  }

  private String windowFull() {
    return "the window of "
        + settings.windowMessages()
        + " messages and "
        + settings.windowBytes()
        + " bytes stayed full for "
        + settings.maxBlock();
  }

  /** Gives a numbered message to the transport; called under its lane's lock. */
  void handOver(LaneSender lane, PendingSend send, Outgoing outgoing, int attempt) {
    CompletableFuture<Receipt> answer;
    try {
      answer = Objects.requireNonNull(transport.send(outgoing), "no answer to a send");
    } catch (RuntimeException | Error broken) { // it may have been sent before that
      answer = CompletableFuture.failedFuture(broken);
    }
    CompletableFuture<Receipt> unused =
        answer.whenComplete(
            (receipt, failure) ->
                threads.progress(
                    () -> {
                      if (receipt != null) {
                        confirmed(lane, send, receipt);
                      } else {
                        Throwable seen =
                            failure == null ? new IllegalStateException("no receipt") : failure;
                        lane.failed(send, attempt, LaneSender.verdictOf(seen));
                      }
                    }));
  }

  private void confirmed(LaneSender lane, PendingSend send, Receipt receipt) {
    if (resolve(send)) {
      confirmed.increment();
      threads.complete(() -> send.future.complete(receipt));
    }
    lane.confirmed(send);
  }

  /** Ends a message that was not confirmed; false if it was ended before. */
  boolean failed(PendingSend send, Outcome outcome, SendException failure) {
    boolean mine = resolve(send);
    if (mine) {
      end(send, outcome, failure);
    }
    return mine;
  }

  private void end(PendingSend send, Outcome outcome, SendException failure) {
    (outcome == Outcome.REJECTED ? rejected : unknown).increment();
    threads.complete(() -> send.future.completeExceptionally(failure));
  }

  /** Whoever takes a message out of the unresolved ones ends it: so it ends exactly once. */
  private boolean resolve(PendingSend send) {
    boolean mine = unresolved.remove(send);
    if (mine) {
      window.leave(send.size());
    }
    return mine;
  }

  boolean unresolved(PendingSend send) {
    return unresolved.contains(send);
  }

  /** Looks now and then for sends that a transport forgot, while any are unresolved. */
  private void watch() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      threads.after(LOOK_AGAIN, this::look);
    }
  }

  private void look() {
    Duration overdue = settings.confirmTimeout().multipliedBy(3).dividedBy(2);
    Instant begunBefore = now().minusNanos(SteadyClock.nanos(overdue));
    for (PendingSend send : unresolved) {
      LaneSender lane = send.lane;
      if (lane != null) {
        lane.giveUpOverdue(send, begunBefore);
      }
    }
    watching.set(false);
    if (!unresolved.isEmpty()) {
      watch();
    }
  }

  void after(Duration delay, Runnable task) {
    threads.after(delay, task);
  }

  Instant now() {
    return clock.instant();
  }

  RandomGenerator random() {
    return random;
  }

  String source() {
    return settings.source();
  }

  long epoch() {
    return epoch;
  }

  @Override
  public void close() {
    close(settings.deadline());
  }

  @Override
  public SendReport close(Duration timeout) {
    window.close();
    try {
      window.awaitEmpty(timeout);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    abandoning = true; // before the look at what is unresolved: what comes later sees this
    unresolved.forEach(this::abandon);
    topics.close();
    if (threads.close(TimeUnit.SECONDS.toNanos(5))) {
      log.info("Producer {} closed: {}", settings.source(), report());
    }
    return report();
  }

  /** Resolves first and then asks what it was: so its lane cannot hand it over in between. */
  private void abandon(PendingSend send) {
    if (resolve(send)) {
      LaneSender lane = send.lane;
      Outcome outcome = lane == null ? Outcome.REJECTED : lane.abandoned(send);
      end(send, outcome, send.failure(outcome, "the producer was closed meanwhile", null));
    }
  }

  private SendReport report() {
    return new SendReport(confirmed.sum(), rejected.sum(), unknown.sum());
  }
}
