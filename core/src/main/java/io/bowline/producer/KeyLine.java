// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.message.Stamp.KeyNumber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one key on their way, and the key's numbers. Some are under way, at most as many
 * as its order allows; those that failed wait to be sent again, and while any of them does, nothing
 * new is sent. Guarded by its lane's lock. There may be a line for each of 100,000 keys, so it is
 * small: it has no collection that it does not need.
 */
final class KeyLine {
  /** The most ranges of voided numbers that are remembered; of more, the oldest are forgotten. */
  static final int MAX_VOIDED = 64;

  private final KeyRules rules;

  /** What waits for its first try, linked by {@link PendingSend#next}; bounded by the window. */
  private @Nullable PendingSend firstWaiting;

  private @Nullable PendingSend lastWaiting;

  /** What failed and is to be sent again. */
  private @Nullable List<PendingSend> failed;

  private @Nullable Deque<Voided> voided;
  private int underWay;
  private int unheard;
  private long backOff;
  private boolean resendPlanned;
  private long last;
  private long highestConfirmed;

  /** Until this one or a later one is confirmed, consumers are told to ask for nothing before. */
  private long startsAt = 1;

  /** Whether it was asked for since {@link KeyLines} last looked. */
  boolean used;

  private record Voided(long from, long to) {}

  /** Numbers begin after {@code last}. */
  KeyLine(long last, KeyRules rules) {
    this.last = last;
    this.rules = rules;
  }

  /** Whether what draws numbers went back, so that others may have had this one. */
  boolean tooLow(PendingSend send) {
    PendingSend ahead = lastWaiting;
    long before = ahead == null || ahead.again ? last : ahead.number;
    return rules.drawn() && !send.again && send.number <= before;
  }

  /** Takes a message in: true if it may begin, now under way; false if it waits for others. */
  boolean admit(PendingSend send) {
    if (mayBegin() && nothingWaits()) {
      underWay++;
      return true;
    }
    if (lastWaiting == null) {
      firstWaiting = send;
    } else {
      lastWaiting.next = send;
    }
    lastWaiting = send;
    return false;
  }

  /**
   * The next message to begin with, now under way; null if none waits or may go. Until a first
   * message is confirmed one goes alone, since it is the one that consumers begin with.
   */
  @Nullable PendingSend next() {
    PendingSend next = firstWaiting;
    if (next == null || !mayBegin()) {
      return null;
    }
    firstWaiting = next.next;
    next.next = null;
    if (firstWaiting == null) {
      lastWaiting = null;
    }
    underWay++;
    return next;
  }

  private boolean mayBegin() {
    return unheard == 0
        && failed == null
        && (underWay == 0 || (underWay < rules.mostUnderWay() && highestConfirmed > 0));
  }

  /** A message begins: it gets the next number, or keeps the one that was drawn for it. */
  void begins(PendingSend send) {
    KeyNumber number = send.again ? again(send.number) : next(send);
    send.keyNumber = number;
    send.number = number.sequence();
  }

  private KeyNumber next(PendingSend send) {
    return rules.drawn() ? number(send.number) : number();
  }

  /**
   * A number that was sent before: the next ones go on as if it was not there, but ask for nothing
   * before them, since to whom this one is the first of the key it is no beginning.
   */
  private KeyNumber again(long number) {
    startsAt = Math.max(startsAt, last + 1);
    return new KeyNumber(number, 0, true);
  }

  /** One that was under way as it was its turn is given up before it began. */
  void neverBegins(PendingSend send) {
    answered();
    if (rules.drawn() && !send.again) {
      KeyNumber unused = number(send.number);
      giveUp(send.number);
    }
  }

  /**
   * The number that was drawn for the next one. Those between may be of other producers of this
   * source, or of nobody: none of them is asked for, and none is voided, nor any before.
   */
  KeyNumber number(long drawn) {
    if (drawn != last + 1) {
      startsAt = drawn;
      voided = null;
    }
    last = drawn - 1;
    return number();
  }

  KeyNumber number() {
    last++;
    boolean first = highestConfirmed < startsAt;
    Voided told = voided == null ? null : voided.peek();
    return told == null
        ? new KeyNumber(last, 0, first)
        : new KeyNumber(last, told.to - told.from + 1, told.to, first);
  }

  /**
   * A failure was told, and is not dealt with yet: from this moment on nothing new goes, since the
   * transport may write it to its next connection, ahead of what failed.
   */
  void failureTold() {
    unheard++;
  }

  /** The failure is dealt with now. */
  void failureHeard() {
    unheard--;
  }

  /** Whether a failure was told that is not dealt with yet. */
  boolean failureAwaitsHearing() {
    return unheard > 0;
  }

  boolean pipelined() {
    return rules.mostUnderWay() > 1;
  }

  /** One message under way is so no more. */
  void answered() {
    underWay--;
  }

  /** A message under way failed, and is to be sent again after this many nanoseconds. */
  void failed(PendingSend send, long delay) {
    if (failed == null) {
      failed = new ArrayList<>(2);
    }
    failed.add(send);
    backOff = Math.max(backOff, delay);
  }

  /** A failed message turned out to be stored. */
  void recovered(PendingSend send) {
    if (failed != null && failed.remove(send) && failed.isEmpty()) {
      failed = null;
    }
  }

  /** How long until the failed ones are to be sent again; -1 if not yet, or planned already. */
  long planResend() {
    if (failed == null || underWay > 0 || resendPlanned) {
      return -1;
    }
    resendPlanned = true;
    return backOff;
  }

  /** The failed ones, in the order of their numbers, now under way again; none while others are. */
  List<PendingSend> resend() {
    resendPlanned = false;
    List<PendingSend> again = failed;
    if (again == null || underWay > 0) {
      return List.of();
    }
    backOff = 0;
    failed = null;
    again.sort(Comparator.comparingLong(send -> send.number));
    underWay += again.size();
    return again;
  }

  /** The broker has this number; whether it had a later one before, so that order is broken. */
  boolean confirmed(KeyNumber number) {
    if (voided != null && number.voided() > 0) {
      told(voided, number);
    }
    boolean overtaken = number.sequence() < highestConfirmed;
    highestConfirmed = Math.max(highestConfirmed, number.sequence());
    return overtaken;
  }

  /** What this number said of voided ones is known now. */
  private void told(Deque<Voided> ranges, KeyNumber number) {
    Voided oldest = ranges.peek();
    if (oldest != null && oldest.from == number.firstVoided()) {
      ranges.poll();
      if (oldest.to > number.lastVoided()) {
        ranges.push(new Voided(number.lastVoided() + 1, oldest.to));
      }
    }
    if (ranges.isEmpty()) {
      voided = null;
    }
  }

  /** It was given up: its number is used again only if nobody can have seen it, and it is ours. */
  void givenUp(PendingSend send, Outcome outcome) {
    if (send.again) {
      return; // its number was sent before, and may have arrived
    }
    if (outcome == Outcome.REJECTED && !rules.drawn()) {
      takeBack(send.number);
    } else {
      giveUp(send.number);
    }
  }

  /**
   * A number that provably never reached the broker: the next message has it, if it is the last.
   */
  void takeBack(long number) {
    if (number == last) {
      last--;
    } else {
      giveUp(number);
    }
  }

  /** A number that may never reach consumers: a later message says not to wait for it. */
  void giveUp(long number) {
    if (voided == null) {
      voided = new ArrayDeque<>(2);
    }
    Voided before = voided.peekLast();
    if (before != null && before.to == number - 1) {
      voided.pollLast();
      voided.add(new Voided(before.from, number));
    } else {
      voided.add(new Voided(number, number));
    }
    if (voided.size() > MAX_VOIDED) {
      voided.poll();
    }
  }

  boolean idle() {
    return underWay == 0 && nothingWaits();
  }

  /** Whether nothing else of the key waits, so that an answer moves nothing on. */
  boolean nothingWaits() {
    return firstWaiting == null && failed == null && unheard == 0;
  }

  long last() {
    return rules.drawn() ? 0 : last;
  }
}
