// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import io.bowline.report.SourceReport.Counts;
import io.bowline.report.SourceReport.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a table for people. Pure. */
final class ReportText {
  private static final List<String> HEAD =
      List.of(
          "source",
          "topic",
          "sent",
          "completed",
          "dead-lettered",
          "duplicate",
          "open",
          "unverified",
          "missing");

  /** The first two columns are names, the others numbers. */
  private static final int NAMES = 2;

  private ReportText() {}

  static String of(GapReport report) {
    List<List<String>> table = new ArrayList<>();
    table.add(HEAD);
    report.sources().forEach(source -> table.add(row(source, report.scope().topic())));
    StringBuilder text =
        new StringBuilder("Group ")
            .append(report.scope().group())
            .append(", sent from ")
            .append(report.scope().from())
            .append(" to ")
            .append(report.scope().to())
            .append('\n');
    table.forEach(row -> text.append(line(row, table)).append('\n'));
    for (SourceReport source : report.sources()) {
      source.missing().forEach(missing -> text.append(named(source, missing)).append('\n'));
    }
    return text.toString();
  }

  private static List<String> row(SourceReport source, String topic) {
    Counts counts = source.counts();
    List<String> row = new ArrayList<>(List.of(source.source(), topic));
    for (long number :
        new long[] {
          source.sent(),
          counts.completed(),
          counts.deadLettered(),
          counts.duplicates(),
          counts.open(),
          counts.unverified(),
          counts.missing()
        }) {
      row.add(Long.toString(number));
    }
    return row;
  }

  private static String line(List<String> row, List<List<String>> table) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      int at = column;
      int width = table.stream().mapToInt(any -> any.get(at).length()).max().orElse(1);
      String form = (column < NAMES ? "%-" : "%") + width + "s";
      line.append(column == 0 ? "" : "  ").append(String.format(Locale.ROOT, form, row.get(at)));
    }
    return line.toString();
  }

  private static String named(SourceReport source, Missing missing) {
    String keys =
        missing.keys().stream().map(KeyNumbers::toString).collect(Collectors.joining(", "));
    return "missing of "
        + source.source()
        + " epoch "
        + Long.toHexString(missing.epoch())
        + " lane "
        + missing.lane()
        + ": "
        + missing.numbers().stream().map(ReportText::range).collect(Collectors.joining(", "))
        + (keys.isEmpty() ? "" : " (keys " + keys + ")");
  }

  private static String range(Range range) {
    return range.from() == range.to()
        ? Long.toString(range.from())
        : range.from() + ".." + range.to();
  }
}
