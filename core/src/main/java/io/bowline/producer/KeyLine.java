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
 * new is sent. Guarded by its lane's lock.
 */
final class KeyLine {
  /** The most ranges of voided numbers that are remembered; of more, the oldest are forgotten. */
  static final int MAX_VOIDED = 64;

  private final int mostUnderWay;

  /** What waits for its first try; bounded by the window. */
  private final Deque<PendingSend> waiting = new ArrayDeque<>(0);

  /** What failed and is to be sent again. */
  private final List<PendingSend> failed = new ArrayList<>(0);

  private final Deque<Voided> voided = new ArrayDeque<>(0);
  private int underWay;
  private int unheard;
  private long backOff;
  private boolean resendPlanned;
  private long last;
  private long highestConfirmed;
  private boolean first = true;

  private record Voided(long from, long to) {}

  /** Numbers begin after {@code last}. */
  KeyLine(long last, int mostUnderWay) {
    this.last = last;
    this.mostUnderWay = mostUnderWay;
  }

  void add(PendingSend send) {
    waiting.add(send);
  }

  /**
   * The next message to begin with, now under way; null if none waits or may go. Until a first
   * message is confirmed one goes alone, since it is the one that consumers begin with.
   */
  @Nullable PendingSend next() {
    boolean room = underWay == 0 || (underWay < mostUnderWay && !first);
    if (!room || unheard > 0 || !failed.isEmpty() || waiting.isEmpty()) {
      return null;
    }
    underWay++;
    return waiting.poll();
  }

  KeyNumber number() {
    last++;
    Voided told = voided.peek();
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
    return mostUnderWay > 1;
  }

  /** One message under way is so no more. */
  void answered() {
    underWay--;
  }

  /** A message under way failed, and is to be sent again after this many nanoseconds. */
  void failed(PendingSend send, long delay) {
    failed.add(send);
    backOff = Math.max(backOff, delay);
  }

  /** A failed message turned out to be stored. */
  void recovered(PendingSend send) {
    failed.remove(send);
  }

  /** How long until the failed ones are to be sent again; -1 if not yet, or planned already. */
  long planResend() {
    if (failed.isEmpty() || underWay > 0 || resendPlanned) {
      return -1;
    }
    resendPlanned = true;
    return backOff;
  }

  /** The failed ones, in the order of their numbers, now under way again; none while others are. */
  List<PendingSend> resend() {
    resendPlanned = false;
    if (underWay > 0) {
      return List.of();
    }
    backOff = 0;
    List<PendingSend> again = new ArrayList<>(failed);
    again.sort(Comparator.comparingLong(send -> send.number));
    failed.clear();
    underWay += again.size();
    return again;
  }

  /** The broker has this number; whether it had a later one before, so that order is broken. */
  boolean confirmed(KeyNumber number) {
    first = false;
    Voided told = voided.peek();
    if (told != null && number.voided() > 0 && told.from == number.firstVoided()) {
      voided.poll();
      if (told.to > number.lastVoided()) {
        voided.push(new Voided(number.lastVoided() + 1, told.to));
      }
    }
    boolean overtaken = number.sequence() < highestConfirmed;
    highestConfirmed = Math.max(highestConfirmed, number.sequence());
    return overtaken;
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
    return waiting.isEmpty() && failed.isEmpty() && unheard == 0;
  }

  long last() {
    return last;
  }
}
