// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs lines on the handler threads: calls the handler, and hands what failed to {@link Remedies}.
 * It outlives subscriptions, so that a key has one handler at work also while a group is joined
 * anew. Whatever user code throws, and whatever goes wrong here, the line goes on. Thread-safe.
 */
final class LineWorker {
  private static final Logger log = LoggerFactory.getLogger(LineWorker.class);

  /** How many messages of one key run before other keys have their turn. */
  private static final int RUN_LENGTH = 64;

  private final KeyScheduler scheduler;
  private final HandlerThreads threads;
  private final HandlerCall handler;
  private final Rules rules;

  /** Bounds the lines at work where that is not the number of threads; else null. */
  private final @Nullable OpenStages open;

  private final Steps steps = new Steps();
  private final Remedies remedies;
  private final @Nullable ShedSteps shedding;

  /**
   * What to decide by, what calls pass, and where dead letters go.
   *
   * @param concurrency the most messages at work
   * @param parked null if no key is ever parked
   * @param shed null if no message is ever diverted
   * @param random thread-safe
   */
  record Rules(
      int concurrency,
      Handling handling,
      @Nullable DeadLetters deadLetters,
      @Nullable ParkedKeys parked,
      @Nullable Shed shed,
      RandomGenerator random,
      CallWatch watch) {}

  LineWorker(HandlerThreads threads, HandlerCall handler, Rules rules) {
    this.threads = threads;
    this.handler = handler;
    this.rules = rules;
    this.scheduler = new KeyScheduler(handler.most());
    this.open =
        handler.kind() == HandlerCall.Kind.STAGES ? new OpenStages(rules.concurrency) : null;
    this.remedies = new Remedies(scheduler, threads, rules, steps);
    this.shedding = rules.shed == null ? null : new ShedSteps(rules, scheduler, threads, steps);
  }

  /** The keys that are parked; null if none ever is. */
  @Nullable ParkedKeys parked() {
    return rules.parked;
  }

  /** Takes what arrived together; called in the order of arrival. */
  void add(List<Work> arrived) {
    List<WorkLine> idle = scheduler.add(arrived);
    if (!idle.isEmpty()) {
      threads.execute(new Arrivals(idle));
    }
  }

  /**
   * Lines that have work since the same poll, for as many threads as come to help. A thread that
   * begins with one calls the next thread first, if there is work for it; so waking them costs the
   * polling thread nothing, quick handlers wake few, and no line waits for another's handler.
   */
  private final class Arrivals implements Runnable {
    private final List<WorkLine> lines;
    private final AtomicInteger next = new AtomicInteger();

    Arrivals(List<WorkLine> lines) {
      this.lines = lines;
    }

    @Override
    public void run() {
      int mine = next.getAndIncrement();
      if (mine + 1 < lines.size()) {
        threads.execute(this);
      }
      for (; mine < lines.size(); mine = next.getAndIncrement()) {
        LineWorker.this.run(lines.get(mine));
      }
    }
  }

  /** What {@link Remedies} may ask for; each on a handler thread, by whoever holds the line. */
  final class Steps {
    /** Goes on with the line. */
    void run(WorkLine line) {
      LineWorker.this.run(line);
    }

    /** Takes one step; if it breaks, the line is worked on from its front. */
    void take(WorkLine line, Runnable step) {
      try {
        step.run();
      } catch (Throwable broken) {
        if (restored(line, broken)) {
          run(line);
        }
      }
    }
  }

  private void run(WorkLine line) {
    boolean over = false;
    while (!over) {
      try {
        advance(line);
        over = true;
      } catch (Throwable broken) { // no memory, say: nobody else would run this line again
        over = !restored(line, broken);
      }
    }
  }

  /** Works on the line until somebody else is to go on with it, which is the last thing done. */
  private void advance(WorkLine line) {
    Work work = scheduler.front(line);
    for (int i = 0; i < RUN_LENGTH && work != null; i++) {
      if (!work.isDone()) {
        if (goesElsewhere(line, work)
            || !mayBegin(line, work)
            || (work.begin() && !work(line, work))) {
          return;
        }
      }
      work = scheduler.next(line);
    }
    leave(line);
    if (work != null) {
      threads.execute(() -> run(line));
    }
  }

  /** Whether it is no handler's, and the line is somebody else's from now on. */
  private boolean goesElsewhere(WorkLine line, Work work) {
    if (remedies.isParked(work)) {
      leave(line);
      remedies.follow(line, work);
      return true;
    }
    if (shedding != null && shedding.wants(work)) {
      leave(line);
      shedding.divert(line, work);
      return true;
    }
    return false;
  }

  /** If not, the line is run again when it may. */
  private boolean mayBegin(WorkLine line, Work work) {
    Gate gate = rules.watch.gate();
    boolean asked = !gate.isFree();
    if (asked) {
      leave(line);
      if (!gate.admits(work, () -> threads.execute(() -> run(line)))) {
        return false;
      }
    }
    work.admitted = asked && open != null; // also if the line waits for its turn once more
    if (open != null && !open.enter(line)) {
      return false;
    }
    work.admitted = false;
    return true;
  }

  /** Lets another line have its turn: before somebody else may go on with this one. */
  private void leave(WorkLine line) {
    WorkLine next = open == null ? null : open.leave(line);
    if (next != null) {
      threads.execute(() -> run(next));
    }
  }

  /** Makes the line ready to be run again; false if nothing is run any more. */
  private boolean restored(WorkLine line, Throwable broken) {
    Work front = scheduler.restored(line);
    if (front != null) {
      front.restored();
    }
    boolean goesOn = threads.breathe();
    Quietly.run(
        () ->
            log.error(
                "The engine failed at {}, {}",
                front == null ? "an idle key" : front.about(),
                goesOn ? "which is tried again" : "and is closed",
                broken));
    return goesOn;
  }

  /** Whether the line may go on at once with the one behind. */
  private boolean work(WorkLine line, Work work) {
    rules.watch.began(work);
    CompletionStage<?> stage = null;
    Throwable thrown = null;
    try {
      stage = rules.watch.mayCall(work) ? handler.call(work) : null;
    } catch (Throwable failure) { // an Error of user code must not cost the message, nor the line
      thrown = failure;
    }
    Thread.interrupted(); // what a handler leaves set must reach neither a store nor the next one
    if (stage == null || isDone(stage)) {
      return ended(line, work, thrown);
    }
    StageEnd end = new StageEnd(line, work);
    try {
      var unused = stage.whenComplete(end);
    } catch (Throwable broken) { // a stage of the user's own making
      end.accept(null, broken);
    }
    return false;
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage instanceof CompletableFuture<?> future
        && future.isDone()
        && !future.isCompletedExceptionally();
  }

  /** Hears of the end of a stage, on whatever thread; a second end counts for nothing. */
  private final class StageEnd implements BiConsumer<@Nullable Object, @Nullable Throwable> {
    private final WorkLine line;
    private final Work work;
    private final AtomicBoolean heard = new AtomicBoolean();

    StageEnd(WorkLine line, Work work) {
      this.line = line;
      this.work = work;
    }

    @Override
    public void accept(@Nullable Object value, @Nullable Throwable failure) {
      if (heard.compareAndSet(false, true)) {
        threads.execute(() -> steps.take(line, () -> goOn(failure)));
      }
    }

    private void goOn(@Nullable Throwable failure) {
      if (ended(line, work, failure)) {
        scheduler.done(line);
        run(line);
      }
    }
  }

  /** Whether the line may go on at once with the one behind. */
  private boolean ended(WorkLine line, Work work, @Nullable Throwable thrown) {
    Throwable failure =
        rules.watch.remembered(work, thrown == null ? null : Thrown.unwrapped(thrown));
    boolean against = rules.watch.ended(work, failure);
    if (failure == null) {
      work.finish();
      return true;
    }
    if (!work.lane.isOpen()) {
      // It comes again elsewhere; that it failed here, perhaps interrupted by a closing, is nothing
      // to hold against it.
      work.end();
      return true;
    }
    leave(line);
    if (failure instanceof HeldBack || Postponed.isLater(failure)) {
      remedies.heldBack(line, work, failure);
    } else if (against) {
      work.failed();
      remedies.failed(line, work, failure);
    } else {
      remedies.again(line, work); // once the gate lets it in
    }
    return false;
  }
}
