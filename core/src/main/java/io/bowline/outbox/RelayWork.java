// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.outbox.LaneQueue.Refused;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the lanes of a relay work with, and what people are told of it. Thread-safe. */
final class RelayWork {
  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

  private final OutboxStore store;
  private final ReliableProducer producer;
  private final RowNumbers numbers;
  private final SteadyClock clock;
  private final Executor threads;
  private final OutboxMeters meters;
  private final OncePerMinute warnings = new OncePerMinute();
  private final Readings readings = new Readings();
  private final FinishedTogether finished;
  private volatile long heldUntil;

  RelayWork(Means means, Executor threads, OutboxMeters meters) {
    this.store = means.store;
    this.producer = means.producer;
    this.numbers = means.numbers;
    this.clock = means.clock;
    this.threads = threads;
    this.meters = meters;
    this.finished = new FinishedTogether(store, this::execute);
    this.heldUntil = means.clock.nanos();
  }

  /** From where, to where, and by which clock. */
  record Means(
      OutboxStore store, ReliableProducer producer, RowNumbers numbers, SteadyClock clock) {}

  OutboxStore store() {
    return store;
  }

  Readings readings() {
    return readings;
  }

  /** Shows to lanes what waits in them, by one question to the store; whether there is any. */
  boolean look(List<LaneLease> looking, BiConsumer<LaneLease, List<OutboxRow>> lanes) {
    readings.begin();
    try {
      var first = store.readFirst(looking, LaneAppetite.SHOWN, LaneAppetite.READ_BYTES);
      first.forEach(lanes);
      return !first.isEmpty();
    } finally {
      readings.end();
    }
  }

  /** Takes away what the broker has, with that of other lanes. */
  void finish(FinishedTogether.Part part) {
    finished.add(part);
  }

  long nanos() {
    return clock.nanos();
  }

  /** Until then the leases hold, by this process's clock. */
  void heldUntil(long nanos) {
    heldUntil = nanos;
  }

  /** Whether leases hold that the store did not end. */
  boolean isHeld() {
    return clock.nanos() - heldUntil < 0;
  }

  void execute(Runnable turn) {
    try {
      threads.execute(turn);
    } catch (RejectedExecutionException closed) {
      log.debug("A turn of outbox {} comes after the end of its relay", store.name(), closed);
    }
  }

  /** Waits for room at the producer, if there is none. */
  CompletableFuture<Receipt> send(OutboxRow row) {
    boolean numbered = store.numbered() && row.message().key().isPresent();
    if (!numbered) {
      return producer.send(row.message());
    }
    if (row.number() == 0) {
      return CompletableFuture.failedFuture(new NoNumber());
    }
    return numbers.with(row, () -> producer.send(row.message()));
  }

  void sent() {
    meters.sent();
  }

  /** A send had no success, and is repeated. */
  void notSent(int lane, Throwable failure) {
    if (warnings.allows("send")) {
      log.warn(
          "A message of outbox {}, lane {}, could not be sent; it stays and is tried again, and its"
              + " key waits. Told at most once a minute",
          store.name(),
          lane,
          failure);
    }
  }

  void parked(int lane, Refused one) {
    meters.parked();
    if (warnings.allows("parked")) {
      log.warn(
          "Message {} to topic {} in outbox {}, lane {}, was refused, and is parked with all of its"
              + " key: mend the cause, and unpark it. Told at most once a minute. {}",
          one.row().message().id().orElse(""),
          one.row().message().topic(),
          store.name(),
          lane,
          one.reason());
    }
  }

  void tookOver(LaneLease lost) {
    log.warn(
        "Lane {} of outbox {} was taken over by another relay, since this one did not renew its"
            + " lease in time; what both sent has the same ids",
        lost.lane(),
        store.name());
  }

  /** The store failed, or a turn did. */
  void troubled(int lane, Throwable failure) {
    if (warnings.allows("turn")) {
      log.warn(
          "Lane {} of outbox {} could not be worked on; it is tried again, and nothing is lost."
              + " Told at most once a minute",
          lane,
          store.name(),
          failure);
    }
  }
}
