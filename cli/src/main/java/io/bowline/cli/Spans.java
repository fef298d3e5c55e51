// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people write them. */
final class Spans {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Spans() {}

  /** {@code 500ms}, {@code 10s} or {@code 10}, {@code 5m}, {@code 2h}, {@code 1d}; above zero. */
  static Duration parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    Duration span = Duration.ZERO;
    if (parts.matches()) {
      Duration unit = UNITS.get(parts.group(2) == null ? "s" : parts.group(2));
      span = unit == null ? span : unit.multipliedBy(Long.parseLong(parts.group(1)));
    }
    if (span.isZero()) {
      throw new TypeConversionException(
          "'" + text + "' is no span of time: write it like 500ms, 10s, 5m or 2h");
    }
    return span;
  }

  /** In its two largest units: {@code 2h 5m}. */
  static String shown(Duration span) {
    if (span.toDays() > 0) {
      return span.toDays() + "d " + span.toHoursPart() + "h";
    }
    if (span.toHours() > 0) {
      return span.toHours() + "h " + span.toMinutesPart() + "m";
    }
    return span.toMinutes() > 0
        ? span.toMinutes() + "m " + span.toSecondsPart() + "s"
        : span.toSeconds() + "s";
  }

  /** In seconds, for JSON. */
  static double seconds(Duration span) {
    return span.toMillis() / 1_000.0;
  }
}
