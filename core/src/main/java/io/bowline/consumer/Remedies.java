// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Handling.Next;
import io.bowline.transport.OncePerMinute;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link Handling} decides about a message whose handler threw: it waits for its
 * next try, or goes to the dead letters. No thread waits with it, only its line. What happens next
 * is arranged before anything is logged, since even the logging of what user code throws may fail.
 * Thread-safe.
 */
final class Remedies {
  private static final Logger log = LoggerFactory.getLogger(Remedies.class);

  /** How often a message that would go to the dead letters sees whether a pause is over. */
  private static final Duration PAUSED_LOOK = Duration.ofMillis(250);

  private final KeyScheduler scheduler;
  private final HandlerThreads threads;
  private final LineWorker.Rules rules;
  private final LineWorker.Steps steps;
  private final OncePerMinute warnings = new OncePerMinute();

  Remedies(
      KeyScheduler scheduler,
      HandlerThreads threads,
      LineWorker.Rules rules,
      LineWorker.Steps steps) {
    this.scheduler = scheduler;
    this.threads = threads;
    this.rules = rules;
    this.steps = steps;
  }

  /** Calls the handler again, without holding anything against the message. */
  void again(WorkLine line, Work work) {
    pause(line, work, Duration.ZERO);
  }

  /** Arranges what is next for the front of the line, which then is no longer the caller's. */
  void failed(WorkLine line, Work work, Throwable failure) {
    Next next =
        work.followers.isEmpty()
            ? rules.handling().failed(work.countedCalls(), failure, rules.random())
            : rules.handling().failedTogether(calls(work, failure), failure, rules.random());
    if (next instanceof Next.TryAgain later) {
      pause(line, work, later.delay());
      Quietly.run(
          () ->
              log.debug(
                  "{} failed and is tried again in {}", work.about(), later.delay(), failure));
    } else if (next instanceof Next.Hold later) {
      pause(line, work, later.delay());
      Quietly.run(
          () ->
              log.warn(
                  "{} failed for good, and there is no dead-letter topic: its key is held and tried"
                      + " every {}. Mend the cause, or give the consumer deadLetters(topic)",
                  work.about(),
                  later.delay(),
                  failure));
    } else if (next instanceof Next.TakeApart) {
      takeApart(line, work, failure);
    } else if (parks(work)) {
      deadLetter(line, work, failure);
    } else {
      holdUnparked(line, work, failure);
    }
  }

  /** A batch in which one message may have ended a process is not tried again as one. */
  private static int calls(Work batch, Throwable failure) {
    return failure instanceof AttemptsExhausted ? Integer.MAX_VALUE : batch.calls;
  }

  /**
   * Goes on later, without an attempt spent: a store holds it back, or the handler says not now.
   */
  void heldBack(WorkLine line, Work work, Throwable failure) {
    work.unrecorded++;
    if (failure instanceof OutOfTurn) {
      work.end();
      if (scheduler.letPass(line)) {
        threads.execute(() -> steps.run(line));
        return;
      }
    }
    Duration delay = rules.handling().heldBackDelay(work.unrecorded, rules.random());
    if (failure instanceof ClaimBusy busy) {
      pause(line, work, busy.atMost(delay));
      return;
    }
    pause(line, work, delay);
    if (warnings.allows(failure.getClass().getName())) {
      Quietly.run(
          () ->
              log.warn(
                  "{} is kept and not acknowledged, and its key waits, without an attempt spent:"
                      + " again in {}. Told at most once a minute",
                  work.about(),
                  delay,
                  failure));
    }
  }

  /** Whether an earlier message of its key was dead-lettered, and this one is to follow it. */
  boolean isParked(Work work) {
    return first(work) != null;
  }

  private @Nullable String first(Work work) {
    ParkedKeys parked = rules.parked();
    String key = work.delivery.key();
    if (parked == null || key == null) {
      return null;
    }
    String first = parked.parkedFor(key);
    return work.message.id().equals(first) ? null : first; // itself it follows nobody
  }

  /**
   * Sends the front of the line after the dead letters of its key, without a call of its handler.
   */
  void follow(WorkLine line, Work work) {
    String first = first(work);
    if (first == null || !work.followers.isEmpty()) { // unparked meanwhile, or one of a batch
      scheduler.takeApart(line);
      threads.execute(() -> steps.run(line));
    } else if (rules.watch().gate().isPaused()) {
      pause(line, work, PAUSED_LOOK);
    } else if (work.begin()) {
      work.failedLast = true; // it counts among the dead letters
      deadLetter(line, work, new KeyParked(first));
    } else {
      scheduler.done(line);
      threads.execute(() -> steps.run(line));
    }
  }

  /** Whether the message may go to the dead letters: with its key, if keys are parked. */
  private boolean parks(Work work) {
    ParkedKeys parked = rules.parked();
    String key = work.delivery.key();
    return parked == null || key == null || parked.park(key, work.message.id());
  }

  private void holdUnparked(WorkLine line, Work work, Throwable failure) {
    Duration delay = rules.handling().heldFor();
    pause(line, work, delay);
    if (warnings.allows("parked")) {
      Quietly.run(
          () ->
              log.warn(
                  "{} failed for good, but {} keys are parked and no more can be: its key is held"
                      + " and tried every {}. Mend the cause and unpark keys, or allow more by"
                      + " parkKey(most). Told at most once a minute",
                  work.about(),
                  rules.parked() == null ? 0 : rules.parked().most(),
                  delay,
                  failure));
    }
  }

  private void takeApart(WorkLine line, Work work, Throwable failure) {
    int size = 1 + work.followers.size();
    work.end();
    scheduler.takeApart(line);
    threads.execute(() -> steps.run(line));
    Quietly.run(
        () ->
            log.warn(
                "A batch of {} that begins with {} failed after {} calls: its messages are tried"
                    + " one by one",
                size,
                work.about(),
                work.calls,
                failure));
  }

  private void pause(WorkLine line, Work work, Duration delay) {
    pause(line, work, delay, () -> steps.run(line));
  }

  private void pause(WorkLine line, Work work, Duration delay, Runnable then) {
    work.end();
    OptionalInt pause = scheduler.pause(line);
    if (pause.isEmpty()) {
      threads.execute(() -> steps.run(line));
      return;
    }
    threads.after(
        delay,
        () -> {
          if (scheduler.resume(line, pause.getAsInt())) {
            steps.take(line, then);
          }
        });
  }

  private void deadLetter(WorkLine line, Work work, Throwable failure) {
    var unused =
        sent(work, failure)
            .whenComplete(
                (receipt, refused) ->
                    threads.execute(
                        () -> steps.take(line, () -> deadLettered(line, work, failure, refused))));
  }

  private CompletableFuture<Receipt> sent(Work work, Throwable failure) {
    DeadLetters deadLetters = rules.deadLetters();
    if (deadLetters == null) {
      throw new IllegalStateException("Decided for a dead letter without a topic for it", failure);
    }
    return deadLetters.send(work, failure);
  }

  private void deadLettered(
      WorkLine line, Work work, Throwable failure, @Nullable Throwable refused) {
    if (refused == null) {
      work.followed = failure instanceof KeyParked;
      rules.watch().died(work);
      work.finish();
      threads.execute(() -> steps.run(line));
      Quietly.run(() -> tellDead(work, failure));
      return;
    }
    work.deadLetterSends++;
    Duration delay = rules.handling().deadLetterDelay(work.deadLetterSends, rules.random());
    pause(line, work, delay, () -> deadLetterAgain(line, work, failure));
    DeadLetters deadLetters = rules.deadLetters();
    if (deadLetters != null && deadLetters.tellsUnconfirmed()) {
      Quietly.run(
          () ->
              log.warn(
                  "{} stays, and its key waits, since its dead letter was not confirmed by {};"
                      + " again in {}. Told at most once a minute",
                  work.about(),
                  deadLetters.topic(),
                  delay,
                  refused));
    }
  }

  private void tellDead(Work work, Throwable failure) {
    if (!(failure instanceof KeyParked)) {
      log.warn(
          "{} was dead-lettered after {} calls of its handler", work.about(), work.calls, failure);
    } else if (warnings.allows("follows")) {
      log.warn(
          "{} was not handled: {}. {} keys are parked; unpark a key once that is mended. Told at"
              + " most once a minute",
          work.about(),
          failure.getMessage(),
          rules.parked() == null ? 0 : rules.parked().keys().size());
    }
  }

  private void deadLetterAgain(WorkLine line, Work work, Throwable failure) {
    if (failure instanceof KeyParked) { // it may have been unparked since
      steps.run(line);
    } else if (work.begin()) {
      deadLetter(line, work, failure);
    } else {
      steps.run(line);
    }
  }
}
