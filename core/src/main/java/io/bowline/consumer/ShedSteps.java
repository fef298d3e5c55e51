// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Diverts the front of a line, which waits until the copy is confirmed; no thread waits with it. A
 * copy that is not confirmed leaves the original to its handler. Thread-safe.
 */
final class ShedSteps {
  private final LineWorker.Rules rules;
  private final Shed shed;
  private final KeyScheduler scheduler;
  private final HandlerThreads threads;
  private final LineWorker.Steps steps;

  ShedSteps(
      LineWorker.Rules rules,
      KeyScheduler scheduler,
      HandlerThreads threads,
      LineWorker.Steps steps) {
    this.rules = rules;
    this.shed = Objects.requireNonNull(rules.shed());
    this.scheduler = scheduler;
    this.threads = threads;
    this.steps = steps;
  }

  /** Whether the front of a line is to be diverted: in a pause nothing is. */
  boolean wants(Work front) {
    return !rules.watch().gate().isPaused() && shed.wants(front);
  }

  /** Takes over the line, whose front is wanted. */
  void divert(WorkLine line, Work work) {
    if (!work.followers.isEmpty()) {
      scheduler.takeApart(line); // each is then diverted or handled for itself
      goOn(line);
    } else if (work.begin()) {
      var unused =
          shed.send(work)
              .whenComplete(
                  (receipt, refused) ->
                      threads.execute(() -> steps.take(line, () -> sent(line, work, refused))));
    } else {
      scheduler.done(line);
      goOn(line);
    }
  }

  private void sent(WorkLine line, Work work, @Nullable Throwable refused) {
    if (refused == null) {
      work.finish();
    } else {
      work.sifted = Work.Sifted.KEPT;
      work.end();
    }
    goOn(line);
    if (refused != null) {
      Quietly.run(() -> shed.refused(work, refused));
    }
  }

  private void goOn(WorkLine line) {
    threads.execute(() -> steps.run(line));
  }
}
