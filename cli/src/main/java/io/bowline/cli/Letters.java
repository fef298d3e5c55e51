// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.message.Received;
import io.bowline.replay.ReplayBuilder;
import io.bowline.replay.ReplayReport;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The dead letters of a group, and how they are looked at. */
final class Letters {
  @Mixin private final Access access;

  @Parameters(index = "1", paramLabel = "DEAD-LETTERS", description = "Their topic.")
  private String topic = "";

  @Parameters(index = "2", paramLabel = "GROUP", description = "The group whose handler failed.")
  private String group = "";

  @Option(
      names = "--quiet",
      paramLabel = "SPAN",
      defaultValue = "5s",
      description = "All is taken to be seen once so long nothing comes, ${DEFAULT-VALUE}.")
  private Duration quiet = ReplayBuilder.DEFAULT_QUIET;

  @Option(
      names = "--within",
      paramLabel = "SPAN",
      defaultValue = "5m",
      description = "Ends after so long in any case, ${DEFAULT-VALUE} by default.")
  private Duration within = Duration.ofMinutes(5);

  @Option(
      names = "--join",
      description = "Reads as GROUP.replay though it is not known to be there, and so makes it.")
  private boolean join;

  private final Output output;

  Letters(Terminal terminal, Output output) {
    access = new Access(terminal);
    this.output = output;
  }

  /** What a look found. */
  record Found(List<Received> letters, ReplayReport report) {}

  String topic() {
    return topic;
  }

  String group() {
    return group;
  }

  Duration within() {
    return within;
  }

  Bowline connect() {
    return access.connect();
  }

  ReplayBuilder replay(Bowline bowline) {
    return bowline.replay(topic, group).quiet(quiet);
  }

  /** Looks at so many that match, and changes nothing. */
  Found look(int most, Predicate<Received> which) {
    try (Bowline bowline = connect()) {
      List<Received> found = new CopyOnWriteArrayList<>();
      if (isEmpty(bowline)) {
        return new Found(found, nothing(true));
      }
      ReplayReport report =
          replay(bowline)
              .maxReplays(Integer.MAX_VALUE)
              .where(letter -> which.test(letter) && (found.size() >= most || found.add(letter)))
              .limit(most)
              .dryRun()
              .run(within);
      return new Found(List.copyOf(found), report);
    }
  }

  /**
   * A broker that counts says at once what else is known after a while only.
   *
   * @throws TransportException REFUSED if nobody made the group that reads, so that what it would
   *     see says nothing
   */
  boolean isEmpty(Bowline bowline) {
    String reader = ReplayBuilder.reader(group);
    try {
      Backlog left = bowline.admin().backlog(topic, reader);
      boolean sure = left.quality() == Quality.EXACT || left.quality() == Quality.AT_MOST;
      return sure && left.messages() == 0;
    } catch (TransportException refused) {
      if (join || refused.verdict() != Verdict.REFUSED) {
        return false;
      }
      throw new TransportException(
          Verdict.REFUSED,
          "Dead letters are read as group %s, of which nothing is known: %s. Make it by bowline ensure --group, or let this make it by --join"
              .formatted(reader, refused.getMessage()),
          refused);
    }
  }

  static ReplayReport nothing(boolean dryRun) {
    return new ReplayReport(dryRun, Map.of(), List.of(), 0, ReplayReport.End.DONE, null);
  }

  /** Whether all was done that was to be done; if not it says why. */
  boolean isDone(ReplayReport report) {
    switch (report.end()) {
      case TROUBLE -> output.remark("It ended early: " + report.trouble());
      case TIMEOUT ->
          output.remark("Its time was over; give it more by --within, now " + Spans.shown(within));
      default -> {
        return true;
      }
    }
    return false;
  }

  /** The counts by fate. */
  static Map<String, Long> counts(ReplayReport report) {
    Map<String, Long> counts = new TreeMap<>();
    report.counts().forEach((fate, count) -> counts.put(fate.name(), count));
    return counts;
  }

  /** What one header says, if it is there. */
  static @Nullable String header(Received letter, String name) {
    return letter.headers().get(name);
  }
}
