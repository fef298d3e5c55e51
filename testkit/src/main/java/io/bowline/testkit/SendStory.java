// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.message.Message;
import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.producer.SendReport;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One producer's sends from the first to the close, kept in a ledger: nine of ten with one of many
 * keys, drawn by a seed, the rest without key. Threads that send take turns.
 */
final class SendStory {
  private static final int BODY = 100;

  private final Scene scene;
  private final Place place;
  private final ReliableProducer producer;
  private final int keys;
  private final Random random;
  private final SendLedger ledger;
  private final List<String> strange = new CopyOnWriteArrayList<>();
  private final String ids = Scene.name() + "-";
  private volatile int allowed;
  private volatile boolean over;
  private volatile @Nullable Throwable broken;

  /** How many keys there are, the seed by which they are drawn, and the producer's order. */
  record Keys(int count, long seed, Order order) {}

  SendStory(Scene scene, Place place, ReliableProducer producer, Keys keys) {
    this.scene = scene;
    this.place = place;
    this.producer = producer;
    this.keys = keys.count();
    this.random = new Random(keys.seed());
    this.ledger = new SendLedger(keys.order());
  }

  SendLedger ledger() {
    return ledger;
  }

  /** Sends so many, one after another, as fast as it goes. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      sendOne();
    }
  }

  private synchronized void sendOne() {
    int number = ledger.calls();
    String id = ids + number;
    String key = random.nextInt(10) == 0 ? null : "k" + random.nextInt(keys);
    String start = "m" + number + " of " + key + " ";
    String text = start + "x".repeat(Math.max(0, BODY - start.length()));
    Message message = Message.to(place.topic()).id(id).text(text);
    ledger.called(id, key, text);
    CompletableFuture<Receipt> answer = producer.send(key == null ? message : message.key(key));
    CompletableFuture<Receipt> unused =
        answer.whenComplete((receipt, failure) -> ended(id, receipt, failure));
  }

  private void ended(String id, @Nullable Receipt receipt, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof SendException told) {
      ledger.ended(id, told.outcome());
    } else if (receipt != null && receipt.messageId().equals(id)) {
      ledger.ended(id, Outcome.CONFIRMED);
    } else {
      strange.add("send of " + id + " ended with " + receipt + " and " + failure);
      ledger.ended(id, Outcome.UNKNOWN);
    }
  }

  /**
   * Begins to send, at most so many a second and at most as many in all as {@link #allow} says, on
   * a thread of its own that ends after the total.
   */
  Thread begin(int total, int perSecond) {
    Thread thread = new Thread(() -> sendPaced(total, 1_000_000_000L / perSecond), "send-story");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void sendPaced(int total, long everyNanos) {
    try {
      long due = System.nanoTime();
      while (!over && ledger.calls() < total) {
        long now = System.nanoTime();
        if (ledger.calls() >= allowed || due - now > 0) {
          LockSupport.parkNanos(everyNanos);
        } else {
          sendOne();
          due = Math.max(due + everyNanos, now - 20 * everyNanos);
        }
      }
    } catch (RuntimeException | Error e) {
      broken = e;
    }
  }

  void allow(int total) {
    allowed = total;
  }

  /** Ends the sending that {@link #begin} began, soon. */
  void stop() {
    over = true;
  }

  /** Waits until so many sends were called. */
  void awaitCalls(int calls) {
    await(calls + " calls of send", () -> ledger.calls() >= calls);
  }

  /** Waits until so many sends are confirmed. */
  void awaitConfirmed(int confirmed) {
    await(confirmed + " confirmed sends", () -> ledger.count(Outcome.CONFIRMED) >= confirmed);
  }

  /** Waits until one more send is confirmed, if any is open or allowed. */
  void awaitAnotherConfirmed() {
    int before = ledger.count(Outcome.CONFIRMED);
    await(
        "one confirmed send more than " + before,
        () ->
            ledger.count(Outcome.CONFIRMED) > before
                || (ledger.calls() >= allowed && ledger.unended() == 0));
  }

  /** Sends until so many in all are confirmed, whatever becomes of the others. */
  void sendUntilConfirmed(int confirmed) {
    await(
        confirmed + " confirmed sends",
        () -> {
          sendOne();
          return ledger.count(Outcome.CONFIRMED) >= confirmed;
        });
  }

  /** Waits until every send has ended, at most this long. */
  void awaitEnded(Duration within) {
    if (!scene.holdsWithin(within, () -> ledger.unended() == 0)) {
      throw new AssertionError("Some sends did not end within " + within + ": " + ledger);
    }
  }

  private void await(String what, BooleanSupplier holds) {
    scene.await(what, () -> broken != null || holds.getAsBoolean(), () -> ledger);
    Throwable failure = broken;
    if (failure != null) {
      throw new AssertionError("Sending broke: " + failure, failure);
    }
  }

  SendReport close(Duration within) {
    return producer.close(within);
  }

  /** Closes the producer, reads the topic, and holds all against each other. */
  void closeAndCheck(SendReading reading, Duration within) {
    closeAndCheck(() -> reading.read(place, ledger), within);
  }

  /** Closes the producer, lets the ledger learn what arrived, and holds all against each other. */
  void closeAndCheck(Runnable reading, Duration within) {
    SendReport report = producer.close(within);
    awaitEnded(scene.patience());
    reading.run();
    List<String> findings = new ArrayList<>(ledger.findings());
    findings.addAll(strange);
    assertEquals(List.of(), findings, () -> "findings; " + ledger);
    assertEquals(
        List.of(
            (long) ledger.count(Outcome.CONFIRMED),
            (long) ledger.count(Outcome.REJECTED),
            (long) ledger.count(Outcome.UNKNOWN)),
        List.of(report.confirmed(), report.rejected(), report.unknown()),
        "the report of close beside what the futures said");
    report
        .closing()
        .forEach(
            each ->
                assertEquals(
                    each.outcome(), ledger.outcome(each.messageId()), "of " + each.messageId()));
  }
}
