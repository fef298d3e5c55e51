// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What programs tell has an entry that says what to do about it. */
final class OperationsRules {
  private static final Pattern ALERT =
      Pattern.compile(
          "- alert: (\\w+)\\n\\s+expr: [\\s\\S]*?\\n\\s+severity: (?:page|ticket)\\n"
              + "\\s+annotations:\\n\\s+summary: \"[^\"]+.*\\n\\s+description: \"[^\"]+.*\\n"
              + "\\s+runbook: docs/operations\\.md#(\\w+)\\n");
  private static final Pattern ALERT_NAME = Pattern.compile("- alert: (\\w+)");
  private static final Pattern CHECK =
      Pattern.compile("(?:Check\\.(?:critical|warning|notice)|expiry)\\(\\s*\"([a-z-]+)\"");
  private static final Pattern LINK = Pattern.compile("\\(#(\\w+)\\)");
  private static final Map<String, String> BROKERS =
      Map.of(
          "core", "side",
          "transport-kafka", "Kafka",
          "transport-rabbitmq", "RabbitMQ",
          "transport-rocketmq", "RocketMQ");

  private final SourceFile page;
  private final List<PageRow> rows;

  /** Of this page of operations. */
  OperationsRules(SourceFile page) {
    this.page = page;
    this.rows = PageRow.of(page);
  }

  /** Each name as "Kafka: retention", since names return on other brokers. */
  private static Set<String> entries(List<PageRow> rows, String head) {
    return rows.stream()
        .filter(row -> row.head().equals(head))
        .flatMap(row -> row.names(0).map(name -> row.section() + ": " + name))
        .collect(toSet());
  }

  /** Checks of the audit's page for which there is no entry, and the other way round. */
  Stream<Finding> findings(SourceFile audit) {
    return differences(entries(PageRow.of(audit), "check"), entries(rows, "finding"), audit);
  }

  /** Figures for which there is no entry, and the other way round. */
  Stream<Finding> figures(SourceFile observability) {
    Set<String> told =
        new Figures(observability).names().map(name -> "Figures: " + name).collect(toSet());
    return differences(told, entries(rows, "figure"), observability);
  }

  private Stream<Finding> differences(Set<String> told, Set<String> here, SourceFile there) {
    String advice = "Write into the table: it means, look, do, do not";
    Stream<Finding> missing =
        told.stream()
            .filter(name -> !here.contains(name))
            .map(name -> page.finding(1, "no entry for " + name + " of " + there, advice));
    Stream<Finding> gone =
        here.stream()
            .filter(name -> !told.contains(name))
            .map(name -> page.finding(1, name + " is not in " + there, "Take it out, or name it"));
    return Stream.concat(missing, gone);
  }

  /** Checks in a transport's code that the audit's page does not have. */
  static Stream<Finding> unwritten(SourceFile code, SourceFile audit) {
    String broker = BROKERS.get(code.module());
    if (broker == null || !code.isMain()) {
      return Stream.empty();
    }
    Set<String> known = entries(PageRow.of(audit), "check");
    return checks(code)
        .filter(name -> !known.contains(broker + ": " + name))
        .map(name -> code.finding(1, "the check " + name, "Write it into " + audit));
  }

  /** The names of checks in code. */
  static Stream<String> checks(SourceFile code) {
    return CHECK.matcher(code.text()).results().map((MatchResult found) -> found.group(1));
  }

  /** Cells that say nothing at all. */
  Stream<Finding> blanks() {
    return rows.stream()
        .filter(row -> row.cells().stream().anyMatch(String::isBlank))
        .map(row -> page.finding(row.line(), "an empty cell", "Say it, or put a dash"));
  }

  /** Alerts without summary, description, severity, heading here, or a link that leads there. */
  Stream<Finding> alerts(SourceFile alerts) {
    Set<String> whole =
        ALERT
            .matcher(alerts.text())
            .results()
            .filter(one -> one.group(2).equals(anchor(one.group(1))))
            .map(one -> one.group(1))
            .filter(name -> page.lines().contains("### " + name))
            .collect(toSet());
    return names(alerts)
        .filter(name -> !whole.contains(name))
        .map(
            name ->
                alerts.finding(
                    1,
                    name + " lacks a part, or its heading in " + page,
                    "Give it severity, summary, description and runbook, in this order"));
  }

  static Stream<String> names(SourceFile alerts) {
    return ALERT_NAME.matcher(alerts.text()).results().map((MatchResult one) -> one.group(1));
  }

  /** Links within the page that lead to no heading. */
  Stream<Finding> deadEnds() {
    Set<String> anchors =
        page.lines().stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> anchor(line.replaceFirst("^#+ ", "")))
            .collect(toSet());
    return page.linesWith(LINK)
        .boxed()
        .flatMap(
            line ->
                LINK.matcher(page.lines().get(line - 1))
                    .results()
                    .filter(link -> !anchors.contains(link.group(1)))
                    .map(link -> page.finding(line, "no heading for " + link.group(), "Mend it")));
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replace(' ', '-');
  }
}
