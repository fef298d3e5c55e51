// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One clock, one chance and one order of events. Code that may wait runs on a {@link Fiber}, a
 * thread of its own, but of all threads one runs at a time, and which one is decided here: so a
 * seed decides all. Time passes only while nobody runs.
 */
final class VirtualTime {
  /** How long a thread takes to begin or to go on, at most: 200 µs. */
  private static final int SWITCH_NANOS = 200_000;

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final List<Fiber> waiting = new ArrayList<>();
  private @Nullable Fiber running;
  private long now;
  private long numbers;

  private record Event(long at, long number, SimulatedMachine machine, Runnable task) {}

  VirtualTime(long seed) {
    random = new Random(seed);
  }

  long nanos() {
    return now;
  }

  Random random() {
    return random;
  }

  /** A span by chance, up to so many milliseconds. */
  Duration upTo(int millis) {
    return Duration.ofNanos((long) (random.nextDouble() * millis * 1_000_000));
  }

  /** Whether something happens that happens so often. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Runs what waits for nothing, after a delay, unless its machine has crashed by then. */
  void after(SimulatedMachine machine, Duration delay, Runnable task) {
    events.add(new Event(now + Math.max(0, delay.toNanos()), numbers++, machine, task));
  }

  /** Begins a thread. */
  void begin(SimulatedMachine machine, Runnable work) {
    after(machine, soon(), () -> resume(new Fiber(machine, work)));
  }

  private Duration soon() {
    return Duration.ofNanos(random.nextInt(SWITCH_NANOS));
  }

  /** Lets others run until this holds, at most this long; whether it holds. Called on a fiber. */
  boolean await(BooleanSupplier until, Duration longest) {
    Fiber me = running;
    if (me == null) {
      throw new IllegalStateException("What is no fiber cannot wait");
    }
    me.machine.checkAlive();
    if (until.getAsBoolean()) {
      return true;
    }
    long wait = me.waitFor(until);
    waiting.add(me);
    if (longest.compareTo(Duration.ofDays(1)) < 0) {
      after(me.machine, longest, () -> wake(me, wait));
    }
    running = null;
    me.pass();
    return until.getAsBoolean();
  }

  private void wake(Fiber fiber, long wait) {
    if (fiber.isIn(wait) && waiting.remove(fiber)) {
      resume(fiber);
    }
  }

  private void resume(Fiber fiber) {
    Fiber before = running;
    running = fiber;
    fiber.run();
    running = before;
  }

  /** Ends a machine in the middle of whatever it does. */
  void crash(SimulatedMachine machine) {
    machine.alive = false;
    for (Fiber fiber : List.copyOf(waiting)) {
      if (fiber.machine == machine && waiting.remove(fiber)) {
        resume(fiber); // it falls out of its wait
      }
    }
  }

  /** Goes on until this holds, at most so long; whether it holds. Not called on a fiber. */
  boolean run(BooleanSupplier until, Duration longest) {
    long end = now + longest.toNanos();
    while (!until.getAsBoolean()) {
      Event next = events.peek();
      if (next == null || next.at > end) {
        now = end;
        return false;
      }
      events.remove();
      now = next.at;
      if (next.machine.alive) {
        next.task.run();
        wakeWhoeverMay();
      }
    }
    return true;
  }

  private void wakeWhoeverMay() {
    for (Fiber fiber : waiting) {
      if (fiber.mayGoOn()) {
        long wait = fiber.woken();
        after(fiber.machine, soon(), () -> wake(fiber, wait));
      }
    }
  }
}
