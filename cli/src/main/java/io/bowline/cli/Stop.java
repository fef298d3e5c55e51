// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends what goes on until somebody ends it, by Ctrl-C or by an end of its own: the process waits
 * then until what was begun is put away. Thread-safe.
 */
final class Stop implements AutoCloseable {
  /** How long the process waits after Ctrl-C: 10 s. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread atExit = new Thread(this::endOrderly, "bowline-stop");

  private Stop() {}

  static Stop atInterrupt() {
    Stop stop = new Stop();
    Runtime.getRuntime().addShutdownHook(stop.atExit);
    return stop;
  }

  private void endOrderly() {
    ask();
    try {
      var unused = ended.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** It is to end. */
  void ask() {
    asked.countDown();
  }

  /** Waits at most so long; true once it is to end. */
  boolean isAsked(Duration within) {
    try {
      return asked.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** All is put away. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      // The process ends already: the hook is at work, and knows now.
    }
  }
}
