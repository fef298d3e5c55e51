// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.Retry;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * The decisions about one message on its way: whether it is tried again, and what it was if not.
 * Pure: no thread, no clock, no I/O. One try is under way at most.
 */
final class Sending {
  private final Retry retry;
  private final Duration lastTryWithin;
  private Instant lastTry = Instant.MIN;
  private int attempts;
  private boolean maybeStored;

  /** What to do after a failed try. */
  sealed interface Next {
    /** Try the same message again after this delay. */
    record TryAgain(Duration delay) implements Next {}

    /** It is over. */
    record GiveUp(Outcome outcome, Reason reason) implements Next {}
  }

  /** Why a message was given up. */
  enum Reason {
    /** Trying again cannot help. */
    REFUSED,
    /** No further try fits before the deadline. */
    DEADLINE,
    /** As many attempts as allowed were made. */
    ATTEMPTS
  }

  /**
   * @param lastTryWithin no try begins later than this after the message was accepted
   */
  Sending(Retry retry, Duration lastTryWithin) {
    this.retry = retry;
    this.lastTryWithin = lastTryWithin;
  }

  /** The message has its place in its lane: from now on its time runs. */
  void accepted(Instant now) {
    lastTry = now.plusNanos(SteadyClock.nanos(lastTryWithin));
  }

  /** Whether a try may begin now. */
  boolean mayTry(Instant now) {
    return !now.isAfter(lastTry);
  }

  /** A try begins; its number. */
  int tried() {
    attempts++;
    return attempts;
  }

  /** The try succeeded; a closing may have given the message up just before. */
  void stored() {
    maybeStored = true;
  }

  /** The try failed. */
  Next failed(Verdict verdict, Instant now, RandomGenerator random) {
    maybeStored |= verdict == Verdict.UNKNOWN;
    if (verdict == Verdict.REFUSED) {
      return new Next.GiveUp(unconfirmed(), Reason.REFUSED);
    }
    if (!retry.allowsAfter(attempts)) {
      return new Next.GiveUp(unconfirmed(), Reason.ATTEMPTS);
    }
    Duration delay = retry.delayAfter(attempts, random);
    if (!mayTry(now.plus(delay))) {
      return new Next.GiveUp(unconfirmed(), Reason.DEADLINE);
    }
    return new Next.TryAgain(delay);
  }

  /** What it is if it is given up now: an unknown try is never made good by a later refusal. */
  Outcome unconfirmed() {
    return maybeStored ? Outcome.UNKNOWN : Outcome.REJECTED;
  }

  /** What it is if it is given up while a try is under way. */
  Outcome abandoned(boolean tryUnderWay) {
    return tryUnderWay ? Outcome.UNKNOWN : unconfirmed();
  }

  int attempts() {
    return attempts;
  }
}
