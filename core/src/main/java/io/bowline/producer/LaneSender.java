// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Digest;
import io.bowline.producer.PendingSend.State;
import io.bowline.producer.Sending.Next;
import io.bowline.producer.Sending.Reason;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one lane: gives them their numbers and hands them over under one lock, so
 * that the order of numbers is the order of sending. Which message of a key may go is its line's
 * decision. Thread-safe.
 */
final class LaneSender {
  private final Place place;
  private final HandOver out;
  private final KeyLines lines;
  private final LaneChain chain;
  private final Digest digests;
  private final LaneLock lock = new LaneLock();

  final LaneMarker marker;
  final AtomicInteger confirmsWaiting = new AtomicInteger(); // for the progress thread

  LaneSender(Place place, HandOver out, KeyLines lines) {
    this.place = place;
    this.out = out;
    this.lines = lines;
    this.chain = new LaneChain(place.lane(), out.previousEpoch());
    this.digests = new Digest(place.topic());
    this.marker = new LaneMarker(place, lock, chain, out);
  }

  /** Takes a message, unless a closing gave it up already. */
  void offer(PendingSend send) {
    send.digest = digests.of(send.message.body()); // without the lock: bodies may be large
    send.lane = this; // before the look at whether it is unresolved: a closing looks the other way
    lock.lock();
    try {
      if (!send.unresolved) {
        return;
      }
      long now = out.nanos();
      send.decisions.accepted(now);
      KeyLine line = send.key == null ? null : lines.line(send.key);
      send.line = line;
      if (line != null && line.tooLow(send)) {
        reject(send, Reason.NUMBER_WENT_BACK);
      } else if (line == null || line.admit(send)) {
        begin(send, line, now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins with what waits, as far as the line's order allows. */
  private void advance(KeyLine line, long now) {
    for (PendingSend next = line.next(); next != null; next = line.next()) {
      if (next.unresolved) {
        begin(next, line, now);
      } else {
        line.neverBegins(next);
      }
    }
  }

  /** Numbers the message and hands it over, unless its time is over. */
  private void begin(PendingSend send, @Nullable KeyLine line, long now) {
    if (!send.decisions.mayTry(now)) {
      if (line != null) {
        line.neverBegins(send);
      }
      reject(send, Reason.HELD_BACK);
      return;
    }
    if (line != null) {
      line.begins(send);
    }
    send.laneNumber = chain.begin(send);
    send.outgoing = out.stamped(send, place);
    handOver(send, now);
  }

  private void reject(PendingSend send, Reason reason) {
    send.state = State.OVER;
    out.failed(send, send.failure(Outcome.REJECTED, reason.why, null));
  }

  private void handOver(PendingSend send, long now) {
    int attempt = send.decisions.tried();
    send.state = State.UNDER_WAY;
    send.tryBegan = now;
    out.give(this, send, attempt);
  }

  /** What failed of a key is sent again, as it was; what the key holds back goes on behind it. */
  private void resend(KeyLine line) {
    lock.lock();
    try {
      long now = out.nanos();
      for (PendingSend send : line.resend()) {
        if (line.failureAwaitsHearing()) { // one before it failed at once: it must not overtake
          line.answered();
          line.failed(send, 0);
        } else if (!tryAgain(send, now)) {
          line.answered();
        }
      }
      goOn(line, now);
    } finally {
      lock.unlock();
    }
  }

  private void resend(PendingSend unkeyed) {
    lock.lock();
    try {
      boolean unused = unkeyed.state == State.FAILED && tryAgain(unkeyed, out.nanos());
    } finally {
      lock.unlock();
    }
  }

  private boolean tryAgain(PendingSend send, long now) {
    boolean inTime = send.unresolved && send.decisions.mayTry(now);
    if (inTime) {
      handOver(send, now);
    } else {
      giveUp(send, send.decisions.unconfirmed(), Reason.DEADLINE, null);
    }
    return inTime;
  }

  /**
   * What is stored, told on a client's thread, which must not wait: false, and nothing done, if the
   * lane is busy. What waited for this goes on at once, except from within a hand-over, where a
   * transport that answers at once would come back here again and again.
   */
  boolean confirmedAtOnce(PendingSend send, Receipt receipt) {
    if (!lock.tryLockSoon()) {
      return false;
    }
    try {
      KeyLine line = send.line;
      boolean moves = line != null && !line.nothingWaits();
      if (moves && lock.getHoldCount() > 1) {
        return false;
      }
      confirm(send, receipt, line);
      if (moves && line != null) {
        goOn(line, out.nanos());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void confirmed(PendingSend send, Receipt receipt) {
    lock.lock();
    try {
      KeyLine line = send.line;
      confirm(send, receipt, line);
      if (line != null) {
        goOn(line, out.nanos());
      }
    } finally {
      lock.unlock();
    }
  }

  private void confirm(PendingSend send, Receipt receipt, @Nullable KeyLine line) {
    send.decisions.stored();
    chain.confirmed(send);
    if (line != null && send.state != State.OVER) {
      if (send.state == State.UNDER_WAY) {
        line.answered();
      } else {
        line.recovered(send);
      }
      if (send.keyNumber != null && line.confirmed(send.keyNumber) && !send.again) {
        out.reordered(send);
      }
    }
    send.state = State.OVER;
    out.confirmed(send, receipt);
  }

  /**
   * Holds back what follows in a pipelined line, as soon as a failure is told, on the thread that
   * tells it; whether it did.
   */
  boolean failureTold(PendingSend send) {
    KeyLine line = send.line;
    if (line == null || !line.pipelined() || !lock.tryLockBriefly()) {
      return false;
    }
    try {
      line.failureTold();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The failure that was told to hold back what follows is dealt with. */
  void failureHeard(PendingSend send) {
    lock.lock();
    try {
      KeyLine line = send.line;
      if (line != null) {
        line.failureHeard();
        goOn(line, out.nanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A try that is the last one no more, since it was given up as overdue, changes nothing. */
  void failed(PendingSend send, int attempt, TransportException failure) {
    lock.lock();
    try {
      if (send.state != State.UNDER_WAY || attempt != send.decisions.attempts()) {
        return;
      }
      long now = out.nanos();
      KeyLine line = send.line;
      Next next = send.decisions.failed(failure.verdict(), now, out.random());
      if (line != null) {
        line.answered();
      }
      if (next instanceof Next.TryAgain later) {
        send.state = State.FAILED;
        out.retrying(send, failure);
        if (line == null) {
          out.again(later.delay(), () -> resend(send));
        } else {
          line.failed(send, later.delay());
        }
      } else if (next instanceof Next.GiveUp over) {
        giveUp(send, over.outcome(), over.reason(), failure);
      }
      if (line != null) {
        goOn(line, now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** After an answer: what failed is sent again first, and without such the next ones begin. */
  private void goOn(KeyLine line, long now) {
    long delay = line.planResend();
    if (delay >= 0) {
      out.again(delay, () -> resend(line));
    }
    advance(line, now);
  }

  /** A transport that does not keep its word costs time, but never an outcome. */
  void giveUpOverdue(PendingSend send, long begunBefore) {
    lock.lock();
    try {
      if (send.state == State.UNDER_WAY && send.tryBegan - begunBefore < 0) {
        var overdue = new TransportException(Verdict.UNKNOWN, Reason.OVERDUE.why);
        failed(send, send.decisions.attempts(), overdue);
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(
      PendingSend send, Outcome outcome, Reason reason, @Nullable TransportException failure) {
    send.state = State.OVER;
    out.failed(send, send.failure(outcome, reason.why, failure));
    KeyLine line = send.line;
    chain.givenUp(send, outcome);
    if (line != null) {
      line.givenUp(send, outcome);
    }
  }

  /** What becomes of a message that the closing gives up. */
  Outcome abandoned(PendingSend send) {
    lock.lock();
    try {
      return send.decisions.abandoned(send.state == State.UNDER_WAY);
    } finally {
      lock.unlock();
    }
  }
}
