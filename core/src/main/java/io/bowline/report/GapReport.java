// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import io.bowline.message.Names;
import io.bowline.report.SentMark.SentChain;
import io.bowline.report.SourceReport.Counts;
import io.bowline.report.SourceReport.Missing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What sources sent to a topic in a time, against what a group completed of it: every number that
 * was promised is accounted for, and those that are missing are named. Immutable.
 *
 * @param scope what was asked for
 * @param sources one for each source that sent anything, by name
 */
public record GapReport(Scope scope, List<SourceReport> sources) {

  /** Makes the list unmodifiable. */
  public GapReport {
    sources = List.copyOf(sources);
  }

  /**
   * What a report is about.
   *
   * @param topic the topic
   * @param group the group that should have completed it
   * @param from what was promised up to this moment is left out
   * @param to what is promised later is left out, too
   */
  public record Scope(String topic, String group, Instant from, Instant to) {
    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if a name is blank, or the time ends before it begins
     */
    public Scope {
      Names.required("topic", topic);
      Names.required("group", group);
      if (to.isBefore(from)) {
        throw new IllegalArgumentException(
            "A time begins before it ends, but it was from " + from + " to " + to);
      }
    }
  }

  /** The last mark before the time, and the last one in it. */
  private static final class Stretch {
    long before;
    long last;

    void add(SentMark mark, Instant from) {
      last = Math.max(last, mark.number());
      if (mark.at().isBefore(from)) {
        before = Math.max(before, mark.number());
      }
    }
  }

  /**
   * Makes the report. A chain is asked for from the last mark before the time on, or from its first
   * number if there is none.
   *
   * @param sent what the sources sent
   * @param completed where the group keeps what it completed
   * @throws RuntimeException if one of them cannot be read now
   */
  public static GapReport make(Scope scope, SentLog sent, GapStore completed) {
    Map<SentChain, Stretch> stretches = new LinkedHashMap<>();
    for (SentMark mark : sent.read(scope.topic, scope.from, scope.to)) {
      stretches.computeIfAbsent(mark.chain(), first -> new Stretch()).add(mark, scope.from);
    }
    Map<Integer, List<ChainState>> states = completed.read(scope.topic, scope.group);
    Map<String, SourceReport> bySource = new TreeMap<>();
    stretches.forEach(
        (chain, stretch) -> {
          Numbers numbers = Numbers.between(stretch.before + 1, stretch.last);
          ChainAccount account = ChainAccount.of(numbers, state(chain, states));
          if (numbers.count() > 0) {
            bySource.merge(chain.source(), of(chain, numbers, account), GapReport::both);
          }
        });
    return new GapReport(scope, List.copyOf(bySource.values()));
  }

  private static @Nullable ChainState state(
      SentChain chain, Map<Integer, List<ChainState>> states) {
    return states.getOrDefault(chain.lane(), List.of()).stream()
        .filter(state -> state.epoch() == chain.epoch() && state.source().equals(chain.source()))
        .findFirst()
        .orElse(null);
  }

  private static SourceReport of(SentChain chain, Numbers numbers, ChainAccount account) {
    List<Missing> missing = new ArrayList<>();
    if (account.missing().count() > 0) {
      missing.add(
          new Missing(chain.lane(), chain.epoch(), account.missing().ranges(), account.keys()));
    }
    long sent = numbers.count() - account.voided().count();
    return new SourceReport(chain.source(), sent, Counts.of(account), missing);
  }

  private static SourceReport both(SourceReport one, SourceReport two) {
    List<Missing> missing = new ArrayList<>(one.missing());
    missing.addAll(two.missing());
    missing.sort(Comparator.comparingLong(Missing::epoch).thenComparingInt(Missing::lane));
    return new SourceReport(
        one.source(), one.sent() + two.sent(), one.counts().plus(two.counts()), missing);
  }

  /** Whether anything is missing. */
  public boolean hasMissing() {
    return sources.stream().anyMatch(source -> source.counts().missing() > 0);
  }

  /** As a table for people. */
  public String text() {
    return ReportText.of(this);
  }

  /** As one JSON object. */
  public String json() {
    return ReportJson.of(this);
  }
}
