// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A pool of simulated threads: of the real pool it is, it has nothing but the type. */
final class SimulatedPool extends ThreadPoolExecutor {
  private final SimulatedMachine machine;
  private final int threads;
  private final boolean dropsLate;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private int running;
  private boolean shutdown;

  SimulatedPool(SimulatedMachine machine, int threads, RejectedExecutionHandler late) {
    super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    this.machine = machine;
    this.threads = threads;
    this.dropsLate = late instanceof ThreadPoolExecutor.DiscardPolicy;
  }

  @Override
  public void execute(Runnable task) {
    if (!shutdown) {
      queue.add(task);
      startOne();
    } else if (!dropsLate) {
      machine.start(task, machine.name);
    }
  }

  private void startOne() {
    Runnable task = running < threads ? queue.poll() : null;
    if (task != null) {
      running++;
      machine.start(() -> run(task), machine.name);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      running--;
      startOne();
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = List.copyOf(queue);
    queue.clear();
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && running == 0 && queue.isEmpty();
  }

  /** Who waits for the end is not held up: what is at work goes on in its own time. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
