// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.Retry;
import io.bowline.transport.Verdict;
import java.util.random.RandomGenerator;

/**
 * The decisions about one message on its way: whether it is tried again, and what it was if not.
 * Times are nanoseconds of one steady clock. Pure: no thread, no clock, no I/O. One try is under
 * way at most.
 */
final class Sending {
  private final Retry retry;
  private final long lastTryWithin;
  private long accepted;
  private int attempts;
  private boolean maybeStored;

  /** What to do after a failed try. */
  sealed interface Next {
    /** Try the same message again after this many nanoseconds. */
    record TryAgain(long delay) implements Next {}

    /** It is over. */
    record GiveUp(Outcome outcome, Reason reason) implements Next {}
  }

  /** Why a message was given up. */
  enum Reason {
    /** Trying again cannot help. */
    REFUSED("it was refused"),
    /** What was drawn for it was drawn before. */
    NUMBER_WENT_BACK(
        "the number drawn for its key is not above the last one: the store of key sequences forgot"
            + " what it gave, and must be set above it, as docs/key-sequences.md says"),
    /** It never was its turn. */
    HELD_BACK("its deadline passed while earlier messages of its key were unresolved"),
    /** A try that is counted as failed. */
    OVERDUE("the transport did not answer within half as long again as a confirm may take"),
    /** No further try fits before the deadline. */
    DEADLINE("no further try fits before its deadline, and the last one failed"),
    /** As many attempts as allowed were made. */
    ATTEMPTS("no more attempts are allowed, and the last one failed");

    final String why;

    Reason(String why) {
      this.why = why;
    }
  }

  /**
   * @param lastTryWithin no try begins later than this after the message was accepted
   */
  Sending(Retry retry, long lastTryWithin) {
    this.retry = retry;
    this.lastTryWithin = lastTryWithin;
  }

  /** The message has its place in its lane: from now on its time runs. */
  void accepted(long now) {
    accepted = now;
  }

  /** Whether a try may begin now. */
  boolean mayTry(long now) {
    return now - accepted <= lastTryWithin;
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
  Next failed(Verdict verdict, long now, RandomGenerator random) {
    maybeStored |= verdict == Verdict.UNKNOWN;
    if (verdict == Verdict.REFUSED) {
      return new Next.GiveUp(unconfirmed(), Reason.REFUSED);
    }
    if (!retry.allowsAfter(attempts)) {
      return new Next.GiveUp(unconfirmed(), Reason.ATTEMPTS);
    }
    long delay = retry.delayAfter(attempts, random).toNanos();
    if (!mayTry(now + delay)) {
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

  /** When the message had its place. */
  long accepted() {
    return accepted;
  }
}
