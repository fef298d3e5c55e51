// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * How fast a backlog grows and how fast it is worked off, over a sliding window of looks: of the
 * last 5 minutes, at most {@value #MOST} and at least the last two. Pure; not thread-safe.
 */
public final class BacklogRates {
  /** The most looks that are kept. */
  public static final int MOST = 64;

  /** How far back a look counts, if there are two later ones: 5 min. */
  public static final Duration WINDOW = Duration.ofMinutes(5);

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * What one look saw.
   *
   * @param nanos when, by a steady clock
   * @param messages how many were left, if that was known
   * @param acknowledged how many this member has acknowledged since its beginning
   * @param work what was at work since its beginning
   */
  public record Sample(long nanos, OptionalLong messages, long acknowledged, WorkSum work) {}

  /**
   * Per second, and on average; each not a number where two looks do not tell.
   *
   * @param growth messages by which the backlog grows in a second; negative if it shrinks
   * @param served messages that this member acknowledges in a second
   * @param atWork messages whose handlers are at work
   * @param lines keys in memory, and messages without a key
   * @param held messages in memory
   * @param ofOneKey the share of the key that had most of them, from 0 to 1
   */
  public record Rates(
      double growth, double served, double atWork, double lines, double held, double ofOneKey) {}

  /** One look more. */
  public void add(Sample sample) {
    samples.addLast(sample);
    long since = sample.nanos - WINDOW.toNanos();
    while (samples.size() > MOST || (samples.size() > 2 && samples.getFirst().nanos < since)) {
      samples.removeFirst();
    }
  }

  /** Forgets all: what was seen is not to be compared with what comes. */
  public void restart() {
    samples.clear();
  }

  /** As of the last look. */
  public Rates rates() {
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    if (first == null || last == null) {
      return new Rates(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double served = perSecond(last.acknowledged - first.acknowledged, first, last);
    WorkSum work = last.work.minus(first.work);
    return new Rates(
        growth(),
        served,
        share(work.atWork(), work.looks()),
        share(work.lines(), work.looks()),
        share(work.held(), work.looks()),
        share(work.ofOneKey(), work.held()));
  }

  private double growth() {
    List<Sample> known = new ArrayList<>(samples);
    known.removeIf(sample -> sample.messages.isEmpty());
    if (known.size() < 2) {
      return Double.NaN;
    }
    Sample first = known.get(0);
    Sample last = known.get(known.size() - 1);
    return perSecond(last.messages.orElse(0) - first.messages.orElse(0), first, last);
  }

  /** Not a number if the clock stood still. */
  private static double perSecond(long messages, Sample from, Sample to) {
    long nanos = to.nanos - from.nanos;
    return nanos > 0 ? messages * 1e9 / nanos : Double.NaN;
  }

  private static double share(long part, long whole) {
    return whole > 0 ? (double) part / whole : Double.NaN;
  }
}
