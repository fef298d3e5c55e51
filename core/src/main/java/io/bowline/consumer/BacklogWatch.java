// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogView;
import io.bowline.machine.Machine;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Backlog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker now and then what is left for the group, and tells who wants to know: on a thread
 * of its own, since an answer may be late, and neither polls nor handlers are to wait for it. What
 * cannot be learned is not a number; an old answer is never shown for a new one. It begins with the
 * first who wants to know.
 */
final class BacklogWatch {
  private static final Logger log = LoggerFactory.getLogger(BacklogWatch.class);

  private final Question question;
  private final Machine machine;
  private final BacklogSigns signs;
  private final @Nullable BacklogAlarm alarm;
  private final @Nullable Shed shed;
  private final SteadyClock clock;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile double messages = Double.NaN;
  private volatile BacklogView view =
      BacklogView.unknown(
          "the broker was not asked yet: the first look began", 0, Optional.empty());
  private boolean told;

  /**
   * What is asked.
   *
   * @param who for the log
   * @param period from the end of one question to the beginning of the next
   */
  record Question(
      String who, String topic, String group, Supplier<Backlog> backlog, Duration period) {}

  BacklogWatch(
      Question question, Machine machine, @Nullable BacklogAlarm alarm, @Nullable Shed shed) {
    this.question = question;
    this.machine = machine;
    this.clock = machine.clock();
    this.alarm = alarm;
    this.shed = shed;
    this.signs = new BacklogSigns(alarm != null);
  }

  /** How many messages were left at the last look; not a number if that is not known. */
  double messages() {
    return messages;
  }

  /** What the last look saw. */
  BacklogView view() {
    return view;
  }

  /** What the polling thread tells. */
  BacklogSigns signs() {
    return signs;
  }

  /** Whether somebody wants to know from the start. */
  boolean isWanted() {
    return alarm != null || shed != null;
  }

  /** Looks from now on, until the latch opens; the second time it does nothing. */
  void begin(CountDownLatch closing) {
    if (closing.getCount() > 0 && begun.compareAndSet(false, true)) {
      Runnable watch = () -> run(closing);
      Quietly.run(() -> machine.start(watch, "bowline-backlog-" + question.group));
    }
  }

  /** Looks, and looks again each period, until the latch opens. */
  void run(CountDownLatch closing) {
    try {
      do {
        look(closing);
      } while (!machine.await(closing, question.period));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private void end() {
    messages = Double.NaN;
    view = BacklogView.unknown("the consumer is closed", 0, Optional.empty());
    if (alarm != null) {
      alarm.close();
    }
  }

  private void look(CountDownLatch closing) {
    BacklogSigns.Seen seen = signs.seen(); // before the question: what arrives later is counted
    Backlog answer = null;
    try {
      answer = question.backlog.get();
      told = false;
    } catch (RuntimeException | Error failure) { // a figure costs nothing but itself
      if (closing.getCount() > 0) {
        tell(failure);
      }
      String trouble = failure.getClass().getName() + ": " + failure.getMessage();
      view = BacklogView.unknown(trouble, seen.held(), Optional.of(clock.instant()));
    }
    messages = answer == null ? Double.NaN : answer.messages();
    if (answer != null) {
      view = BacklogView.joined(answer, seen.lanes(), clock.instant());
    }
    if (closing.getCount() > 0) {
      judge(view, seen);
    }
  }

  private void judge(BacklogView now, BacklogSigns.Seen seen) {
    try {
      if (shed != null) {
        shed.next(now);
      }
      if (alarm != null) {
        alarm.next(question, now, seen, clock.nanos());
      }
    } catch (RuntimeException | Error failure) { // the next look is no worse for it
      log.error(
          "{}: a look at its backlog failed, and the next one follows", question.who, failure);
    }
  }

  /** Once, until it is known again. */
  private void tell(Throwable failure) {
    if (!told) {
      log.warn(
          "{}: its backlog is not known, and asked for again every {}: {}",
          question.who,
          question.period,
          failure.getMessage());
    }
    told = true;
    log.debug("{}: its backlog is not known", question.who, failure);
  }
}
