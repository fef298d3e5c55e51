// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The figures of a page, and what Prometheus makes of them: each is registered, and then scraped.
 */
final class Figures {
  private static final Pattern SAMPLE = Pattern.compile("(bowline_\\w+)(?:\\{([^}]*)})? .*");
  private static final Pattern USE = Pattern.compile("\\b(bowline_[a-z_]+)\\b(?:\\{([^}]*)})?");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\\\\?\"([^\"\\\\]*)\\\\?\"");

  /** Labels that Prometheus itself gives. */
  private static final Set<String> FOREIGN = Set.of("instance", "job");

  private final List<PageRow> rows;
  private final Map<String, Set<String>> labels;
  private final Map<String, Set<String>> values;

  Figures(SourceFile page) {
    List<PageRow> all = PageRow.of(page);
    rows = all.stream().filter(row -> row.head().equals("name") && row.cells().size() > 4).toList();
    labels = scraped(rows);
    values =
        all.stream()
            .filter(row -> row.head().equals("tag"))
            .flatMap(row -> row.names(0).map(tag -> Map.entry(tag, row.names(1).collect(toSet()))))
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, Set<String>> scraped(List<PageRow> rows) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    rows.forEach(row -> register(registry, row));
    return registry
        .scrape()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .collect(toMap(sample -> sample.group(1), Figures::labels, (one, same) -> one));
  }

  private static Set<String> labels(Matcher sample) {
    return Arrays.stream(Objects.requireNonNullElse(sample.group(2), "").split(","))
        .map(label -> label.replaceFirst("=.*", ""))
        .collect(toSet());
  }

  private static void register(MeterRegistry registry, PageRow row) {
    String name = row.names(0).findFirst().orElseThrow();
    Tags tags = Tags.of(row.names(3).map(tag -> Tag.of(tag, "any")).toList());
    String unit = row.cells().get(2);
    switch (row.cells().get(1)) {
      case "counter" -> Counter.builder(name).tags(tags).register(registry);
      case "timer" -> Timer.builder(name).tags(tags).register(registry);
      case "long task timer" -> LongTaskTimer.builder(name).tags(tags).register(registry);
      case "gauge" -> {
        Gauge.Builder<?> gauge = Gauge.builder(name, () -> 1).tags(tags);
        (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
      }
      default -> throw new IllegalArgumentException("A figure of no known type: " + row);
    }
  }

  /** Their names in Micrometer. */
  Stream<String> names() {
    return rows.stream().flatMap(row -> row.names(0));
  }

  /** Their names in Prometheus, with the labels of each. */
  Map<String, Set<String>> onPrometheus() {
    return Map.copyOf(labels);
  }

  /** Figures, tags and values of tags that a file uses, and that are not on the page. */
  Stream<Finding> unknown(SourceFile file) {
    return file.linesWith(USE).boxed().flatMap(line -> unknown(file, line));
  }

  private Stream<Finding> unknown(SourceFile file, int line) {
    return USE.matcher(file.lines().get(line - 1))
        .results()
        .flatMap(use -> wrong(use.group(1), Objects.requireNonNullElse(use.group(2), "")))
        .map(what -> file.finding(line, what, "Name it as docs/observability.md does"));
  }

  private Stream<String> wrong(String figure, String selector) {
    Set<String> known = labels.get(figure);
    if (known == null) {
      return Stream.of("the figure " + figure + " is not there");
    }
    return MATCHER
        .matcher(selector)
        .results()
        .filter(one -> !FOREIGN.contains(one.group(1)))
        .filter(one -> !known.contains(one.group(1)) || !isValue(one.group(1), one.group(2)))
        .map(one -> figure + " has no " + one.group());
  }

  /** Tags whose values are the users' own have none in ticks on the page, or are a variable. */
  private boolean isValue(String tag, String value) {
    Set<String> known = values.getOrDefault(tag, Set.of());
    boolean free =
        Set.of("source", "group", "topic", "outbox", "cause", "connection").contains(tag);
    return free || value.startsWith("$") || known.containsAll(List.of(value.split("\\|")));
  }
}
