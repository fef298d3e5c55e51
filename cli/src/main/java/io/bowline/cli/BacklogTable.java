// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.transport.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows backlogs, again and again, with what changed. */
final class BacklogTable {
  private final Output output;
  private final boolean lanes;
  private Map<String, Long> before = Map.of();
  private int drawn;

  BacklogTable(Output output, boolean lanes) {
    this.output = output;
    this.lanes = lanes;
  }

  /**
   * Shows what is left now.
   *
   * @param since how long ago it was shown before; zero if it was not
   * @param again whether this is one of several answers
   */
  void show(List<Backlog> now, Duration since, boolean again) {
    if (output.isJson()) {
      json(now, since, again);
    } else {
      draw(now, since);
    }
    before = new LinkedHashMap<>();
    now.forEach(backlog -> before.put(backlog.group(), backlog.messages()));
  }

  /** Something else was written below: what comes next goes under it. */
  void interrupted() {
    drawn = 0;
  }

  private @Nullable Double rate(Backlog backlog, Duration since) {
    Long earlier = before.get(backlog.group());
    return earlier == null || since.isZero()
        ? null
        : Math.round(10 * (backlog.messages() - earlier) / Spans.seconds(since)) / 10.0;
  }

  private void draw(List<Backlog> now, Duration since) {
    Table table = new Table("GROUP", "MESSAGES", "CHANGE", "QUALITY", "OLDEST");
    for (Backlog one : now) {
      table.row(one.group(), one.messages(), change(one, since), one.quality(), age(one));
      if (lanes) {
        one.lanes().forEach((lane, left) -> table.row("  lane " + lane, left, "", "", ""));
      }
    }
    if (drawn == 0) {
      output.print(table.toString());
    } else {
      output.print(output.isLive() ? "\u001b[" + drawn + "A\u001b[J" + table : table.rows());
    }
    drawn = table.lines();
  }

  private String change(Backlog backlog, Duration since) {
    Double rate = rate(backlog, since);
    return rate == null ? "-" : String.format(Locale.ROOT, "%+.1f/s", rate);
  }

  private static String age(Backlog backlog) {
    return backlog.age().map(Spans::shown).orElse("-");
  }

  private void json(List<Backlog> now, Duration since, boolean again) {
    Map<String, @Nullable Object> all =
        Output.fields(
            "at",
            Instant.now().toString(),
            "topic",
            now.get(0).topic(),
            "groups",
            now.stream().map(backlog -> json(backlog, since)).toList());
    if (again) {
      output.line(all);
    } else {
      output.document(all);
    }
  }

  private Map<String, @Nullable Object> json(Backlog backlog, Duration since) {
    return Output.fields(
        "group",
        backlog.group(),
        "messages",
        backlog.messages(),
        "quality",
        backlog.quality().name(),
        "ageSeconds",
        backlog.age().map(Spans::seconds).orElse(null),
        "changePerSecond",
        rate(backlog, since),
        "lanes",
        backlog.lanes());
  }
}
