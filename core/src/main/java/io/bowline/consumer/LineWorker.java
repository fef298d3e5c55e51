// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Handling.Next;
import io.bowline.message.Received;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs lines on the handler threads: calls the handler and carries out what {@link Handling}
 * decides. While a message waits for its next try no thread waits with it, only its line. It
 * outlives subscriptions, so that a key has one handler at work also while a group is joined anew.
 * Whatever user code throws, even what cannot be printed, the line goes on: what it does next is
 * arranged before anything is logged. Thread-safe.
 */
final class LineWorker {
  private static final Logger log = LoggerFactory.getLogger(LineWorker.class);

  /** How many messages of one key run before other keys have their turn. */
  private static final int RUN_LENGTH = 64;

  private final KeyScheduler scheduler = new KeyScheduler();
  private final HandlerThreads threads;
  private final Handler handler;
  private final Rules rules;

  /**
   * What to decide by, what calls pass, and where dead letters go.
   *
   * @param random thread-safe
   */
  record Rules(
      Handling handling,
      @Nullable DeadLetters deadLetters,
      RandomGenerator random,
      CallWatch watch) {}

  LineWorker(HandlerThreads threads, Handler handler, Rules rules) {
    this.threads = threads;
    this.handler = handler;
    this.rules = rules;
  }

  /** Takes what arrived; called in the order of arrival. */
  void add(Work work) {
    Optional<WorkLine> idle = scheduler.add(work);
    idle.ifPresent(line -> threads.execute(() -> run(line)));
  }

  private void run(WorkLine line) {
    for (int i = 0; i < RUN_LENGTH; i++) {
      Work work = scheduler.front(line);
      if (work == null) {
        return;
      }
      if (!mayBegin(line, work)) {
        return;
      }
      if (!work.lane.begin()) {
        scheduler.done(line);
      } else if (!work(line, work)) {
        return;
      }
    }
    threads.execute(() -> run(line));
  }

  /** If not, the line is run again when it may. */
  private boolean mayBegin(WorkLine line, Work work) {
    Gate gate = rules.watch.gate();
    if (gate.isFree()) {
      work.admitted = false;
      return true;
    }
    return gate.admits(work, () -> threads.execute(() -> run(line)));
  }

  /** Whether the line may go on at once. */
  private boolean work(WorkLine line, Work work) {
    rules.watch.began(work);
    Throwable failure = call(work);
    boolean against = rules.watch.ended(work, failure);
    if (failure == null) {
      settle(line, work);
      return true;
    }
    if (!work.lane.isOpen()) {
      // It comes again elsewhere; that it failed here, perhaps interrupted by a closing, is nothing
      // to hold against it.
      work.lane.end();
      scheduler.done(line);
      return true;
    }
    if (!against) {
      pause(line, work, Duration.ZERO); // until the gate lets it in again
      return false;
    }
    work.calls++;
    failed(line, work, failure);
    return false;
  }

  private void failed(WorkLine line, Work work, Throwable failure) {
    Next next = rules.handling.failed(work.calls, failure, rules.random);
    if (next instanceof Next.TryAgain later) {
      pause(line, work, later.delay());
      log.debug("{} failed and is tried again in {}", about(work), later.delay(), failure);
    } else if (next instanceof Next.Hold later) {
      pause(line, work, later.delay());
      log.warn(
          "{} failed for good, and there is no dead-letter topic: its key is held and tried every"
              + " {}. Mend the cause, or give the consumer deadLetters(topic)",
          about(work),
          later.delay(),
          failure);
    } else {
      deadLetter(line, work, failure);
    }
  }

  private @Nullable Throwable call(Work work) {
    try {
      handler.handle(work.attempt());
      return null;
    } catch (InterruptedException interrupted) {
      return interrupted;
    } catch (Throwable failure) { // an Error of user code must not cost the message, nor the line
      return failure;
    } finally {
      Thread.interrupted(); // what a handler leaves set must not reach the next one
    }
  }

  private void settle(WorkLine line, Work work) {
    scheduler.done(line);
    work.finish();
    work.lane.end();
  }

  private void pause(WorkLine line, Work work, Duration delay) {
    pause(line, work, delay, () -> run(line));
  }

  private void pause(WorkLine line, Work work, Duration delay, Runnable then) {
    work.lane.end();
    OptionalInt pause = scheduler.pause(line);
    if (pause.isEmpty()) {
      threads.execute(() -> run(line));
      return;
    }
    threads.after(
        delay,
        () -> {
          if (scheduler.resume(line, pause.getAsInt())) {
            then.run();
          }
        });
  }

  private void deadLetter(WorkLine line, Work work, Throwable failure) {
    Received last = work.message.atAttempt(work.delivery.attempt() + work.calls - 1);
    var unused =
        sent(last, failure)
            .whenComplete(
                (receipt, refused) ->
                    threads.execute(() -> deadLettered(line, work, failure, refused)));
  }

  private CompletableFuture<Receipt> sent(Received last, Throwable failure) {
    DeadLetters deadLetters = rules.deadLetters;
    if (deadLetters == null) {
      throw new IllegalStateException("Decided for a dead letter without a topic for it", failure);
    }
    try {
      return deadLetters.send(last, failure);
    } catch (RuntimeException | Error broken) { // whatever it is, the line must go on
      return CompletableFuture.failedFuture(broken);
    }
  }

  private void deadLettered(
      WorkLine line, Work work, Throwable failure, @Nullable Throwable refused) {
    if (refused == null) {
      settle(line, work);
      threads.execute(() -> run(line));
      log.warn(
          "{} was dead-lettered after {} calls of its handler", about(work), work.calls, failure);
      return;
    }
    work.deadLetterSends++;
    Duration delay = rules.handling.deadLetterDelay(work.deadLetterSends, rules.random);
    pause(line, work, delay, () -> deadLetterAgain(line, work, failure));
    DeadLetters deadLetters = rules.deadLetters;
    if (deadLetters != null && deadLetters.tellsUnconfirmed()) {
      log.warn(
          "{} stays, and its key waits, since its dead letter was not confirmed by {}; again in {}."
              + " Told at most once a minute",
          about(work),
          deadLetters.topic(),
          delay,
          refused);
    }
  }

  private void deadLetterAgain(WorkLine line, Work work, Throwable failure) {
    if (work.lane.begin()) {
      deadLetter(line, work, failure);
    } else {
      run(line);
    }
  }

  private static String about(Work work) {
    Received message = work.message;
    return "Message "
        + message.id()
        + " of "
        + message.topic()
        + " lane "
        + message.origin().lane()
        + " position "
        + message.origin().position();
  }
}
