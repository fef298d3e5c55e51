// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Message;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.producer.Sending.Next;
import io.bowline.producer.Sending.Reason;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one lane: gives them their numbers and hands them over under one lock, so
 * that the order of numbers is the order of sending. Of one key one message is under way; what
 * follows waits until its outcome is known. Thread-safe.
 */
final class LaneSender {
  private final String topic;
  private final int lane;
  private final SendEngine engine;
  private final KeyLines lines;
  private final ReentrantLock lock = new ReentrantLock();

  LaneSender(String topic, int lane, SendEngine engine, int maxKeys) {
    this.topic = topic;
    this.lane = lane;
    this.engine = engine;
    this.lines = new KeyLines(maxKeys);
  }

  /** Takes a message, unless a closing gave it up already. */
  void offer(PendingSend send) {
    send.lane = this; // before the look at whether it is unresolved: a closing looks the other way
    lock.lock();
    try {
      if (!engine.unresolved(send)) {
        return;
      }
      Instant now = engine.now();
      send.decisions.accepted(now);
      KeyLine line = line(send);
      if (line == null) {
        begin(send, null, now);
      } else if (line.busy) {
        line.waiting.add(send);
      } else {
        line.busy = begin(send, line, now);
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable KeyLine line(PendingSend send) {
    return send.message.key().map(lines::line).orElse(null);
  }

  /** Numbers the message and hands it over; false if its time was over already. */
  private boolean begin(PendingSend send, @Nullable KeyLine line, Instant now) {
    if (!send.decisions.mayTry(now)) {
      String why = "its deadline passed while earlier messages of its key were unresolved";
      engine.failed(send, Outcome.REJECTED, send.failure(Outcome.REJECTED, why, null));
      return false;
    }
    Stamp stamp =
        new Stamp(send.id, engine.source(), engine.epoch(), line == null ? null : line.next());
    send.outgoing = outgoing(send.message, stamp);
    handOver(send, send.outgoing, now);
    return true;
  }

  private Outgoing outgoing(Message message, Stamp stamp) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(StampCodec.HEADER, StampCodec.write(stamp));
    headers.putAll(message.headers());
    return new Outgoing(
        stamp.id(),
        topic,
        lane,
        message.key().orElse(null),
        Collections.unmodifiableMap(headers),
        message.body());
  }

  private void handOver(PendingSend send, Outgoing outgoing, Instant now) {
    int attempt = send.decisions.tried();
    send.tryUnderWay = true;
    send.tryBegan = now;
    engine.handOver(this, send, outgoing, attempt);
  }

  /** A message whose back-off is over is sent again, as it was. */
  void again(PendingSend send) {
    lock.lock();
    try {
      if (engine.unresolved(send) && send.outgoing != null) {
        handOver(send, send.outgoing, engine.now());
      }
    } finally {
      lock.unlock();
    }
  }

  void confirmed(PendingSend send) {
    lock.lock();
    try {
      send.tryUnderWay = false;
      send.decisions.stored();
      KeyLine line = send.over ? null : line(send);
      send.over = true;
      if (line != null) {
        line.confirmed();
        advance(line);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A try that is the last one no more, since it was given up as overdue, changes nothing. */
  void failed(PendingSend send, int attempt, TransportException failure) {
    lock.lock();
    try {
      if (send.over || !send.tryUnderWay || attempt != send.decisions.attempts()) {
        return;
      }
      send.tryUnderWay = false;
      Next next = send.decisions.failed(failure.verdict(), engine.now(), engine.random());
      if (next instanceof Next.TryAgain later) {
        engine.after(later.delay(), () -> again(send));
      } else if (next instanceof Next.GiveUp over) {
        giveUp(send, over, failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A transport that does not keep its word costs time, but never an outcome. */
  void giveUpOverdue(PendingSend send, Instant begunBefore) {
    lock.lock();
    try {
      if (send.tryUnderWay && send.tryBegan.isBefore(begunBefore)) {
        String seen =
            "the transport did not answer within half as long again as a confirm may take";
        failed(send, send.decisions.attempts(), new TransportException(Verdict.UNKNOWN, seen));
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(PendingSend send, Next.GiveUp over, TransportException failure) {
    send.over = true;
    engine.failed(send, over.outcome(), send.failure(over.outcome(), why(over.reason()), failure));
    KeyLine line = line(send);
    if (line != null) {
      if (over.outcome() == Outcome.REJECTED) {
        line.takeBack();
      } else {
        line.giveUp();
      }
      advance(line);
    }
  }

  private static String why(Reason reason) {
    return switch (reason) {
      case REFUSED -> "it was refused";
      case DEADLINE -> "no further try fits before its deadline, and the last one failed";
      case ATTEMPTS -> "no more attempts are allowed, and the last one failed";
    };
  }

  /** The next message of the key, if one waits whose time is not over. */
  private void advance(KeyLine line) {
    PendingSend next = line.waiting.poll();
    while (next != null && !(engine.unresolved(next) && begin(next, line, engine.now()))) {
      next = line.waiting.poll();
    }
    line.busy = next != null;
  }

  /** What becomes of a message that the closing gives up. */
  Outcome abandoned(PendingSend send) {
    lock.lock();
    try {
      return send.decisions.abandoned(send.tryUnderWay);
    } finally {
      lock.unlock();
    }
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
