// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.stage;

import io.bowline.benchmarks.measure.Meter;
import io.bowline.benchmarks.measure.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that do one piece after the other, as a consumer's handlers do. */
public final class Workers implements AutoCloseable {
  private final int count;
  private final ExecutorService threads;
  private final AtomicLong numbers = new AtomicLong();

  /** So many at once. */
  public Workers(int count) {
    this.count = count;
    this.threads = Executors.newFixedThreadPool(count);
  }

  /** Turns in which these work in a way, opened for each of them. */
  public Entry.Turner turner(Way.Opener opener) {
    return time -> {
      try (Way way = opener.open()) {
        return measure(way, time);
      }
    };
  }

  private Turn measure(Way way, Duration time) throws Exception {
    Meter meter = new Meter();
    long end = System.nanoTime() + time.toNanos();
    Callable<Long> work =
        () -> {
          long done = 0;
          for (; System.nanoTime() - end < 0; done++) {
            way.effect(numbers.incrementAndGet());
          }
          return done;
        };
    List<Future<Long>> works = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      works.add(threads.submit(work));
    }
    long done = 0;
    for (Future<Long> each : works) {
      done += each.get();
    }
    return new Turn(done, meter.read());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
