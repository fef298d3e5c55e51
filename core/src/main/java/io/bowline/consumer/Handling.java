// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Undecodable;
import io.bowline.retry.Retry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The decisions about a message whose handler threw. Pure. */
final class Handling {
  private final Retry retry;
  private final boolean deadLetters;

  /** What to do with it. */
  sealed interface Next {
    /** Call the handler again after this delay; the key's later messages wait. */
    record TryAgain(Duration delay) implements Next {}

    /** Send a copy to the dead letters; acknowledge once it is confirmed. */
    record DeadLetter() implements Next {}

    /**
     * Nothing more can be tried and there is no place to put it: keep it, and its key, and go on
     * trying rarely, since to lose it is never right.
     */
    record Hold(Duration delay) implements Next {}
  }

  Handling(Retry retry, boolean deadLetters) {
    this.retry = retry;
    this.deadLetters = deadLetters;
  }

  /** After this many calls of the handler, all of which threw. */
  Next failed(int calls, Throwable failure, RandomGenerator random) {
    boolean hopeless = isForGood(failure) || !retry.allowsAfter(calls);
    if (!hopeless) {
      return new Next.TryAgain(retry.delayAfter(calls, random));
    }
    return deadLetters ? new Next.DeadLetter() : new Next.Hold(retry.longest());
  }

  private static boolean isForGood(Throwable failure) {
    return failure instanceof Unprocessable || failure instanceof Undecodable;
  }

  /** How long to wait before a dead letter that was not confirmed is sent again. */
  Duration deadLetterDelay(int sends, RandomGenerator random) {
    return retry.delayAfter(sends, random);
  }
}
