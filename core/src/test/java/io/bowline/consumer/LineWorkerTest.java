// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.machine.Machine;
import io.bowline.retry.Retry;
import io.bowline.transport.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in the engine itself, as when memory or threads run out, stops no key. */
@Timeout(60)
class LineWorkerTest {
  private final LaneWork lane = new LaneWork(0);
  private final List<Work> handled = new CopyOnWriteArrayList<>();
  private final List<Work> finished = new CopyOnWriteArrayList<>();

  private LineWorker worker(HandlerThreads threads) {
    Handling handling = new Handling(Retry.attempts(3), FailureClasses.DEFAULT, false);
    Gate gate = new Gate("test", Gate.Rules.NONE, System::nanoTime, threads::after);
    Watchdog watchdog = new Watchdog("test", Long.MAX_VALUE, System::nanoTime, gate);
    CallWatch watch = new CallWatch(gate, watchdog, CallMeters.NONE, null, null);
    LineWorker.Rules rules =
        new LineWorker.Rules(4, handling, null, null, null, new Random(1), watch);
    return new LineWorker(threads, HandlerCall.blocking(message -> {}), rules);
  }

  private Work work(String key, Consumer<Work> sink) {
    return Works.of(lane, key, sink);
  }

  @Test
  void aKeyGoesOnWhereItsEngineBrokeOff() {
    HandlerThreads threads = new HandlerThreads(Machine.REAL, "test", 1, Thread::new);
    AtomicInteger toFail = new AtomicInteger(2);
    Consumer<Work> sink =
        work -> {
          handled.add(work);
          if (toFail.getAndDecrement() > 0) {
            throw new OutOfMemoryError("made by the test");
          }
          finished.add(work);
        };
    LineWorker worker = worker(threads);
    Work first = work("k", sink);
    Work second = work("k", sink);
    worker.add(List.of(first, second));
    Await.until("both are finished", () -> finished.size() == 2);
    assertEquals(List.of(first, second), finished);
    assertEquals(List.of(first, first, first, second), handled);
    Await.until("nothing is at work", () -> lane.running() == 0);
    threads.stop();
  }

  /** A machine out of threads lets no thread start, and says so by an OutOfMemoryError. */
  private static final class Unstartable extends Thread {
    private final AtomicInteger refusals;

    Unstartable(Runnable task, AtomicInteger refusals) {
      super(task);
      this.refusals = refusals;
    }

    @Override
    public synchronized void start() {
      if (refusals.getAndDecrement() > 0) {
        throw new OutOfMemoryError("unable to create native thread: made by the test");
      }
      super.start();
    }
  }

  @Test
  void aThreadThatCannotBeStartedCostsNoMessage() {
    AtomicInteger refusals = new AtomicInteger(3);
    ThreadFactory kind = task -> new Unstartable(task, refusals);
    HandlerThreads threads = new HandlerThreads(Machine.REAL, "test", 4, kind);
    LineWorker worker = worker(threads);
    worker.add(List.of(work("a", finished::add), work("b", finished::add)));
    Await.until("both are finished", () -> finished.size() == 2);
    threads.stop();
  }

  @Test
  void threadsThatWereStoppedRunNothingMore() {
    HandlerThreads threads = new HandlerThreads(Machine.REAL, "test", 1, Thread::new);
    LineWorker worker = worker(threads);
    Consumer<Work> sink =
        work -> {
          handled.add(work);
          threads.stop();
          throw new OutOfMemoryError("made by the test");
        };
    worker.add(List.of(work("k", sink)));
    Await.until("the lane is left", () -> handled.size() == 1 && lane.running() == 0);
    assertEquals(1, handled.size());
  }

  /** Each of these is finished only while all are at work. */
  @Test
  void asManyThreadsHelpAsThereAreLines() {
    HandlerThreads threads = new HandlerThreads(Machine.REAL, "test", 8, Thread::new);
    CyclicBarrier together = new CyclicBarrier(8);
    Consumer<Work> sink =
        work -> {
          meet(together);
          finished.add(work);
        };
    List<Work> works = IntStream.range(0, 16).mapToObj(i -> work("k" + i, sink)).toList();
    worker(threads).add(works);
    Await.until("all are finished", () -> finished.size() == 16);
    threads.stop();
  }

  private static void meet(CyclicBarrier together) {
    try {
      int unused = together.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
      throw new IllegalStateException("not all are at work at once", alone);
    }
  }

  /** What arrived with a message whose handler never returns is handled all the same. */
  @Test
  void aHungLineKeepsNoOtherBack() {
    HandlerThreads threads = new HandlerThreads(Machine.REAL, "test", 2, Thread::new);
    CountDownLatch never = new CountDownLatch(1);
    Consumer<Work> hangs =
        work -> {
          try {
            never.await();
          } catch (InterruptedException stop) {
            handled.add(work);
          }
        };
    List<Work> works = new ArrayList<>();
    works.add(work("hung", hangs));
    IntStream.range(0, 50).forEach(i -> works.add(work("k" + i, finished::add)));
    worker(threads).add(works);
    Await.until("all others are finished", () -> finished.size() == 50);
    threads.stop();
    Await.until("the hung one was interrupted", () -> handled.size() == 1);
  }
}
