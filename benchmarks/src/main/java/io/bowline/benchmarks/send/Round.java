// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.benchmarks.measure.Meter;
import io.bowline.benchmarks.measure.Turn;
import java.time.Duration;
import java.util.Arrays;

/** One contestant's turn. */
final class Round {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many messages a round at most, and so many bytes: what is stored is bounded. */
  private static final long MOST_MESSAGES = 20_000_000;

  private static final long MOST_BYTES = 2L << 30;
  private static final int LATENCIES = 1 << 20;

  private final Contestant contestant;
  private final Tally tally;
  private final Load load;
  private long number;

  Round(Contestant contestant, Tally tally, Load load) {
    this.contestant = contestant;
    this.tally = tally;
    this.load = load;
  }

  /** Sends as fast as the window allows; ends when the last outcome is known. */
  Result pipelined(String topic) throws Exception {
    byte[] body = load.body();
    firstSend(topic, body);
    System.gc();
    long before = tally.outcomes();
    long most = Math.min(MOST_MESSAGES, MOST_BYTES / load.size());
    long sent = 0;
    Meter meter = new Meter();
    long end = System.nanoTime() + load.time().toNanos();
    while (sent < most && ((sent & 63) != 0 || System.nanoTime() < end)) {
      contestant.send(topic, Load.key(number++), body);
      sent++;
    }
    tally.await(before + sent, PATIENCE);
    return new Result(new Turn(sent, meter.read()), new long[0]);
  }

  /** Waits for each confirm before the next send. */
  Result oneByOne(String topic) throws Exception {
    byte[] body = load.body();
    firstSend(topic, body);
    System.gc();
    long[] latencies = new long[LATENCIES];
    int sent = 0;
    Meter meter = new Meter();
    long now = System.nanoTime();
    long end = now + load.time().toNanos();
    while (now < end && sent < LATENCIES) {
      contestant.sendAndWait(topic, Load.key(number++), body);
      long after = System.nanoTime();
      latencies[sent++] = after - now;
      now = after;
    }
    Meter.Usage usage = meter.read();
    long[] sorted = Arrays.copyOf(latencies, sent);
    Arrays.sort(sorted);
    return new Result(new Turn(sent, usage), sorted);
  }

  /** The topic may be new: what a client looks up on first use is no part of the figure. */
  private void firstSend(String topic, byte[] body) throws Exception {
    contestant.sendAndWait(topic, Load.key(number++), body);
  }

  /**
   * What a turn brought.
   *
   * @param latencies nanoseconds of each message in ascending order, where one waited for each
   */
  record Result(Turn turn, long[] latencies) {

    /** The latency that this share of the messages kept, in microseconds. */
    double latency(double share) {
      return latencies.length == 0 ? 0 : latencies[(int) (share * (latencies.length - 1))] / 1e3;
    }
  }
}
