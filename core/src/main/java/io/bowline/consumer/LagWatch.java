// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.machine.Machine;
import io.bowline.transport.Backlog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker now and then what is left for the group: on a thread of its own, since an answer
 * may be late, and neither polls nor handlers are to wait for it. What cannot be learned is not a
 * number; an old answer is never shown for a new one.
 */
final class LagWatch {
  private static final Logger log = LoggerFactory.getLogger(LagWatch.class);

  private final String who;
  private final Supplier<Backlog> question;
  private final Duration period;
  private volatile double messages = Double.NaN;
  private boolean told;

  /**
   * @param who for the log
   * @param period from the end of one question to the beginning of the next
   */
  LagWatch(String who, Supplier<Backlog> question, Duration period) {
    this.who = who;
    this.question = question;
    this.period = period;
  }

  /** How many messages were left at the last look; not a number if that is not known. */
  double messages() {
    return messages;
  }

  /** Looks, and looks again each period, until the latch opens. */
  void run(Machine machine, CountDownLatch closing) {
    try {
      do {
        look(closing);
      } while (!machine.await(closing, period));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      messages = Double.NaN;
    }
  }

  private void look(CountDownLatch closing) {
    try {
      messages = question.get().messages();
      told = false;
    } catch (RuntimeException | Error failure) { // a figure costs nothing but itself
      messages = Double.NaN;
      if (closing.getCount() > 0) {
        tell(failure);
      }
    }
  }

  /** Once, until it is known again. */
  private void tell(Throwable failure) {
    if (!told) {
      log.warn(
          "{}: its lag is not known, and asked for again every {}: {}",
          who,
          period,
          failure.getMessage());
    }
    told = true;
    log.debug("{}: its lag is not known", who, failure);
  }
}
