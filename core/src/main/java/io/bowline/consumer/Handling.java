// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.retry.Retry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The decisions about a message whose handler threw. Pure. */
final class Handling {
  private final Retry retry;
  private final FailureClasses failures;
  private final boolean deadLetters;

  /** What to do with it, or with the batch. */
  sealed interface Next {
    /** Call the handler again after this delay; the key's later messages wait. */
    record TryAgain(Duration delay) implements Next {}

    /** Go on with the messages of the batch one by one, each with tries of its own. */
    record TakeApart() implements Next {}

    /** Send a copy to the dead letters; acknowledge once it is confirmed. */
    record DeadLetter() implements Next {}

    /**
     * Nothing more can be tried and there is no place to put it: keep it, and its key, and go on
     * trying rarely, since to lose it is never right.
     */
    record Hold(Duration delay) implements Next {}
  }

  Handling(Retry retry, FailureClasses failures, boolean deadLetters) {
    this.retry = retry;
    this.failures = failures;
    this.deadLetters = deadLetters;
  }

  /** After this many calls of the handler, all of which threw. */
  Next failed(int calls, Throwable failure, RandomGenerator random) {
    if (mayYetSucceed(calls, failure)) {
      return new Next.TryAgain(retry.delayAfter(calls, random));
    }
    return deadLetters ? new Next.DeadLetter() : new Next.Hold(heldFor());
  }

  /** The same for a batch of several messages, of which one may be the cause. */
  Next failedTogether(int calls, Throwable failure, RandomGenerator random) {
    return mayYetSucceed(calls, failure)
        ? new Next.TryAgain(retry.delayAfter(calls, random))
        : new Next.TakeApart();
  }

  private boolean mayYetSucceed(int calls, Throwable failure) {
    return !failures.isFatal(failure) && retry.allowsAfter(calls);
  }

  /** How long to wait between tries of what can go nowhere. */
  Duration heldFor() {
    return retry.longest();
  }

  /** How long to wait before what was held back, or postponed, so often in a row is tried again. */
  Duration heldBackDelay(int tries, RandomGenerator random) {
    return retry.delayAfter(tries, random);
  }

  /** How long to wait before a dead letter that was not confirmed is sent again. */
  Duration deadLetterDelay(int sends, RandomGenerator random) {
    return retry.delayAfter(sends, random);
  }
}
