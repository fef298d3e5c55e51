// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Handling.Next;
import io.bowline.message.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs lines on the handler threads: calls the handler and carries out what {@link Handling}
 * decides. While a message waits for its next try no thread waits with it, only its line.
 * Thread-safe.
 */
final class LineWorker {
  private static final Logger log = LoggerFactory.getLogger(LineWorker.class);

  /** How many messages of one key run before other keys have their turn. */
  private static final int RUN_LENGTH = 64;

  private final KeyScheduler scheduler = new KeyScheduler();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final HandlerThreads threads;
  private final Handler handler;
  private final Rules rules;
  private final Consumer<Work> settled;

  /** What to decide by, and where dead letters go. */
  record Rules(Handling handling, @Nullable DeadLetters deadLetters) {}

  /**
   * @param settled hears, on a handler thread, of each message to be acknowledged
   */
  LineWorker(HandlerThreads threads, Handler handler, Rules rules, Consumer<Work> settled) {
    this.threads = threads;
    this.handler = handler;
    this.rules = rules;
    this.settled = settled;
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
      if (!work.lane.begin()) {
        scheduler.done(line);
      } else if (!work(line, work)) {
        return;
      }
    }
    threads.execute(() -> run(line));
  }

  /** Whether the line may go on at once. */
  private boolean work(WorkLine line, Work work) {
    Throwable failure = call(work);
    if (failure == null) {
      settle(line, work);
      return true;
    }
    work.calls++;
    Next next = rules.handling.failed(work.calls, failure, random);
    if (next instanceof Next.TryAgain later) {
      log.info("{} failed and is tried again in {}", about(work), later.delay(), failure);
      pause(line, work, later.delay());
    } else if (next instanceof Next.Hold later) {
      log.warn(
          "{} failed for good, and there is no dead-letter topic: its key is held and tried every"
              + " {}. Mend the cause, or give the consumer deadLetters(topic)",
          about(work),
          later.delay(),
          failure);
      pause(line, work, later.delay());
    } else {
      deadLetter(line, work, failure);
    }
    return false;
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
    settled.accept(work);
    work.lane.end();
  }

  private void pause(WorkLine line, Work work, Duration delay) {
    work.lane.end();
    threads.after(delay, () -> run(line));
  }

  private void deadLetter(WorkLine line, Work work, Throwable failure) {
    DeadLetters deadLetters = rules.deadLetters;
    if (deadLetters == null) {
      throw new IllegalStateException("Decided for a dead letter without a topic for it", failure);
    }
    Received last = work.message.atAttempt(work.delivery.attempt() + work.calls - 1);
    var unused =
        deadLetters
            .send(last, failure)
            .whenComplete(
                (receipt, refused) ->
                    threads.execute(() -> deadLettered(line, work, failure, refused)));
  }

  private void deadLettered(
      WorkLine line, Work work, Throwable failure, @Nullable Throwable refused) {
    if (refused == null) {
      log.warn(
          "{} was dead-lettered after {} calls of its handler", about(work), work.calls, failure);
      settle(line, work);
      run(line);
      return;
    }
    work.deadLetterSends++;
    Duration delay = rules.handling.deadLetterDelay(work.deadLetterSends, random);
    log.warn(
        "{} stays, since its dead letter was not confirmed; again in {}",
        about(work),
        delay,
        refused);
    work.lane.end();
    threads.after(delay, () -> deadLetterAgain(line, work, failure));
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
