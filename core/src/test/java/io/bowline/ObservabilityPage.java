// SPDX-License-Identifier: Apache-2.0
package io.bowline;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.Observation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The tables of {@code docs/observability.md}, and what a program shows in the same words. */
final class ObservabilityPage {
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private final List<String> lines;

  ObservabilityPage() throws IOException {
    String root = System.getProperty("bowline.root", "..");
    lines = Files.readAllLines(Path.of(root, "docs", "observability.md"));
  }

  /** Each meter of the page: its name, type, unit and tags. */
  Set<String> meters() {
    return rows(6)
        .filter(cells -> cells[1].startsWith("`bowline."))
        .map(cells -> name(cells[1]) + " " + cells[2] + " " + cells[3] + " " + names(cells[4]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same of a meter that is registered. */
  static String told(Meter meter) {
    Meter.Id id = meter.getId();
    Set<String> tags = id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
    String type = id.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String unit = id.getBaseUnit() == null ? "" : id.getBaseUnit();
    return id.getName() + " " + type + " " + unit + " " + new TreeSet<>(tags);
  }

  /** The names of observations. */
  Set<String> observations() {
    return rows(4)
        .filter(cells -> cells[2].contains("kind "))
        .map(cells -> name(cells[1]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The keys that an observation of this name tells. */
  Set<String> keys(String observation) {
    return rows(4)
        .filter(cells -> cells[2].equals("all") || names(cells[2]).contains(observation))
        .filter(cells -> !cells[1].equals("`" + observation + "`"))
        .map(cells -> name(cells[1]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The keys that this one told. */
  static Set<String> told(Observation.Context observation) {
    return StreamSupport.stream(observation.getAllKeyValues().spliterator(), false)
        .map(KeyValue::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The cells of rows; the first is what stands before the first stroke. */
  private java.util.stream.Stream<String[]> rows(int cells) {
    return lines.stream()
        .filter(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).map(String::trim).toArray(String[]::new))
        .filter(row -> row.length == cells);
  }

  private static String name(String cell) {
    return names(cell).iterator().next();
  }

  private static Set<String> names(String cell) {
    return NAME.matcher(cell)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
