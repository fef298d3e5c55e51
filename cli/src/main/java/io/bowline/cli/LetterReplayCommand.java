// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.replay.ReplayBuilder;
import io.bowline.replay.ReplayReport;
import io.bowline.replay.ReplayReport.Fate;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bowline dead-letters replay}. */
@Command(
    name = "replay",
    description = "Sends dead letters to the topics from which they came, in order.",
    footer = {
      "",
      "Ends with 1 if something was not replayed that was asked for. It may be run again.",
      "",
      "  bowline dead-letters replay kafka://localhost:9092 beans.dead bean-service --all"
          + " --dry-run",
      "  bowline dead-letters replay kafka://localhost:9092 beans.dead bean-service --key user-7"
    })
final class LetterReplayCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Letters letters;

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(names = "--limit", paramLabel = "N", description = "Ends after so many were replayed.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--max-replays",
      paramLabel = "N",
      defaultValue = "" + ReplayBuilder.DEFAULT_MAX_REPLAYS,
      description = "Leaves what was replayed so often before, ${DEFAULT-VALUE} by default.")
  private int maxReplays;

  @Option(names = "--dry-run", description = "Sends nothing, and says what would be.")
  private boolean dryRun;

  /** One of these. */
  private static final class Choice {
    @Option(names = "--all", required = true, description = "Replays all of the group.")
    private boolean all;

    @Option(
        names = "--id",
        required = true,
        paramLabel = "ID",
        description = "Replays that of this id; may be repeated.")
    private @Nullable Set<String> ids;

    @Option(
        names = "--key",
        required = true,
        paramLabel = "KEY",
        description = "Replays those of this key.")
    private @Nullable String key;

    ReplayBuilder in(ReplayBuilder replay) {
      if (ids != null) {
        return replay.ids(ids);
      }
      if (key != null) {
        return replay.key(key);
      }
      return all ? replay.all() : replay;
    }
  }

  LetterReplayCommand(Terminal terminal) {
    output = new Output(terminal);
    letters = new Letters(terminal, output);
  }

  @Override
  public Integer call() {
    try (Bowline bowline = letters.connect()) {
      ReplayBuilder replay = choice.in(letters.replay(bowline).maxReplays(maxReplays));
      if (dryRun) {
        replay = replay.dryRun();
      }
      ReplayReport report =
          letters.isEmpty(bowline)
              ? Letters.nothing(dryRun)
              : replay.limit(limit).run(letters.within());
      boolean done = letters.isDone(report) && isFine(report);
      if (output.isJson()) {
        output.document(json(report));
      } else {
        print(report);
      }
      return Exit.of(done);
    }
  }

  /** What was asked for by id, and is not there, was not replayed. */
  private boolean isFine(ReplayReport report) {
    Set<String> missing = new LinkedHashSet<>(choice.ids == null ? Set.of() : choice.ids);
    report.entries().forEach(entry -> missing.remove(entry.id()));
    missing.forEach(id -> output.remark("No dead letter of this group has the id " + id));
    return missing.isEmpty()
        && report.count(Fate.REFUSED) == 0
        && report.count(Fate.KEY_WAITS) == 0
        && report.count(Fate.NO_ORIGIN) == 0
        && report.count(Fate.REPLAYED_TOO_OFTEN) == 0;
  }

  private void print(ReplayReport report) {
    if (!report.entries().isEmpty()) {
      Table table = new Table("ID", "TOPIC", dryRun ? "WOULD BE" : "WAS");
      report
          .entries()
          .forEach(entry -> table.row(entry.id(), entry.topic().orElse("-"), entry.fate()));
      output.print(table.toString());
    }
    output.print(
        "%d %s%s"
            .formatted(
                report.replayed(), dryRun ? "would be replayed" : "replayed", others(report)));
  }

  private static String others(ReplayReport report) {
    Map<String, Long> counts = Letters.counts(report);
    counts.remove(Fate.REPLAYED.name());
    return counts.isEmpty() ? "" : "; left where they are: " + counts;
  }

  private Map<String, @Nullable Object> json(ReplayReport report) {
    return Output.fields(
        "dryRun",
        report.dryRun(),
        "end",
        report.end().name(),
        "counts",
        Letters.counts(report),
        "comesAgain",
        report.comesAgain(),
        "trouble",
        report.trouble(),
        "letters",
        report.entries().stream()
            .map(
                entry ->
                    Output.fields(
                        "id", entry.id(),
                        "topic", entry.topic().orElse(null),
                        "fate", entry.fate().name()))
            .toList());
  }
}
