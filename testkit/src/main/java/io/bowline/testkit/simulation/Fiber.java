// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A simulated thread: a real one that runs only while whoever resumed it stands still. */
final class Fiber {
  /** A fiber that keeps its turn so long in real time waits past the simulation: 60 s. */
  private static final int STUCK_SECONDS = 60;

  /** As many as there are simulated threads at once: some dozens. */
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "bowline-simulation");
            thread.setDaemon(true);
            return thread;
          });

  final SimulatedMachine machine;
  private final Runnable work;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private @Nullable Thread thread;
  private boolean begun;
  private @Nullable BooleanSupplier until;
  private long waits;
  private boolean woken;

  /** Ends what a machine that crashed was doing. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("The simulated machine has crashed", null, false, false);
    }
  }

  Fiber(SimulatedMachine machine, Runnable work) {
    this.machine = machine;
    this.work = work;
  }

  /** Lets it run until it waits or ends. */
  void run() {
    if (begun) {
      turn.release();
    } else {
      begun = true;
      THREADS.execute(this::live);
    }
    try {
      if (!back.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
        throw stuck();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The simulation was interrupted", interrupted);
    }
  }

  private IllegalStateException stuck() {
    IllegalStateException stuck =
        new IllegalStateException(
            "A simulated thread of "
                + machine
                + " waits past the simulation: each wait goes through Machine");
    Thread where = thread;
    if (where != null) {
      stuck.setStackTrace(where.getStackTrace());
    }
    return stuck;
  }

  private void live() {
    thread = Thread.currentThread();
    try {
      work.run();
    } catch (Crash crashed) {
      // As a process that was killed: nobody hears of it.
    } catch (Throwable failure) { // tells it, and does not hold up the simulation
      machine.failed(failure);
    } finally {
      thread = null;
      back.release();
    }
  }

  /** Gives the turn away until it is resumed. */
  void pass() {
    back.release();
    turn.acquireUninterruptibly();
    machine.checkAlive();
  }

  /** Begins to wait; a number for this wait. */
  long waitFor(BooleanSupplier condition) {
    until = condition;
    woken = false;
    return ++waits;
  }

  boolean isIn(long wait) {
    return waits == wait;
  }

  boolean mayGoOn() {
    return !woken && until != null && until.getAsBoolean();
  }

  /** It is about to go on; the number of its wait. */
  long woken() {
    woken = true;
    return waits;
  }
}
