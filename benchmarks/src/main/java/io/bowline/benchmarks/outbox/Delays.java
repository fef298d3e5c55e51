// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;

/** When each message of a round was due, committed, and there. Thread-safe. */
final class Delays {
  private final AtomicLongArray due;
  private final AtomicLongArray committed;
  private final AtomicLongArray arrived;
  private final CountDownLatch missing;

  Delays(int messages) {
    this.due = new AtomicLongArray(messages);
    this.committed = new AtomicLongArray(messages);
    this.arrived = new AtomicLongArray(messages);
    this.missing = new CountDownLatch(messages);
  }

  /** From when on. */
  enum Delay {
    /** The return of the commit. */
    COMMIT("its commit"),
    /** The time at which its transaction was to begin. */
    DUE("when it was due");

    private final String words;

    Delay(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  int messages() {
    return due.length();
  }

  void due(int message, long nanos) {
    due.set(message, nanos);
  }

  void committed(int message) {
    committed.set(message, System.nanoTime());
  }

  /** It came; only the first time counts. */
  void arrived(int message) {
    if (arrived.compareAndSet(message, 0, System.nanoTime())) {
      missing.countDown();
    }
  }

  CountDownLatch missing() {
    return missing;
  }

  /** Sorted; what came before the commit had returned came at once. */
  private static long[] sorted(List<Delays> rounds, Delay from) {
    return rounds.stream()
        .flatMapToLong(round -> Arrays.stream(round.all(from)))
        .sorted()
        .toArray();
  }

  private long[] all(Delay from) {
    AtomicLongArray begun = from == Delay.DUE ? due : committed;
    long[] all = new long[messages()];
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.max(0, arrived.get(i) - begun.get(i));
    }
    return all;
  }

  /** Median, 95 %, 99 % and the greatest, in milliseconds. */
  static String line(List<Delays> rounds, Delay from) {
    long[] all = sorted(rounds, from);
    return String.format(
        Locale.ROOT,
        "%.1f | %.1f | %.1f | %.1f",
        part(all, 0.5),
        part(all, 0.95),
        part(all, 0.99),
        all[all.length - 1] / 1e6);
  }

  private static double part(long[] sorted, double part) {
    return sorted[(int) Math.ceil(part * sorted.length) - 1] / 1e6;
  }

  @Override
  public String toString() {
    return "from commit %s; from due %s"
        .formatted(line(List.of(this), Delay.COMMIT), line(List.of(this), Delay.DUE));
  }
}
