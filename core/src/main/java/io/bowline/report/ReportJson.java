// SPDX-License-Identifier: Apache-2.0
package io.bowline.report;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.message.LaneNumber.Range;
import io.bowline.report.GapReport.Scope;
import io.bowline.report.SourceReport.Counts;
import io.bowline.report.SourceReport.Missing;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report as JSON, on one line. Pure. */
final class ReportJson {
  private ReportJson() {}

  static String of(GapReport report) {
    Scope scope = report.scope();
    return "{\"topic\":"
        + text(scope.topic())
        + ",\"group\":"
        + text(scope.group())
        + ",\"from\":"
        + text(scope.from().toString())
        + ",\"to\":"
        + text(scope.to().toString())
        + ",\"sources\":"
        + list(report.sources(), ReportJson::source)
        + "}";
  }

  private static String source(SourceReport source) {
    Counts counts = source.counts();
    return "{\"source\":"
        + text(source.source())
        + ",\"sent\":"
        + source.sent()
        + ",\"completed\":"
        + counts.completed()
        + ",\"deadLettered\":"
        + counts.deadLettered()
        + ",\"duplicates\":"
        + counts.duplicates()
        + ",\"open\":"
        + counts.open()
        + ",\"unverified\":"
        + counts.unverified()
        + ",\"missing\":"
        + counts.missing()
        + ",\"named\":"
        + list(source.missing(), ReportJson::missing)
        + "}";
  }

  private static String missing(Missing missing) {
    return "{\"epoch\":"
        + text(Long.toHexString(missing.epoch()))
        + ",\"lane\":"
        + missing.lane()
        + ",\"numbers\":"
        + list(missing.numbers(), ReportJson::range)
        + ",\"keys\":"
        + list(missing.keys(), ReportJson::key)
        + "}";
  }

  private static String range(Range range) {
    return "[" + range.from() + "," + range.to() + "]";
  }

  private static String key(KeyNumbers key) {
    return "{\"key\":" + text(key.key()) + ",\"from\":" + key.from() + ",\"to\":" + key.to() + "}";
  }

  private static <T> String list(List<T> items, Function<T, String> json) {
    return items.stream().map(json).collect(Collectors.joining(",", "[", "]"));
  }

  private static String text(String any) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < any.length(); i++) {
      char c = any.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
