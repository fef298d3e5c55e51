// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is woken finds what to do, and what wakes him is what programs tell. */
final class OperationsTest {
  private static final List<SourceFile> FILES = Repository.files();
  private static final SourceFile AUDIT = file("docs/audit.md");
  private static final SourceFile OBSERVABILITY = file("docs/observability.md");
  private static final SourceFile RULES = file("docs/alerts/bowline-rules.yml");
  private static final SourceFile RULES_TEST = file("docs/alerts/bowline-rules-test.yml");
  private static final SourceFile DASHBOARD = file("docs/dashboards/bowline.json");
  private static final SourceFile PAGE = file("docs/operations.md");
  private static final OperationsRules OPERATIONS = new OperationsRules(PAGE);
  private static final Figures FIGURES = new Figures(OBSERVABILITY);

  private static SourceFile file(String path) {
    return FILES.stream().filter(file -> file.path().equals(path)).findFirst().orElseThrow();
  }

  @Test
  void eachCheckOfTheAuditHasAnEntry() {
    Findings.none(OPERATIONS.findings(AUDIT));
  }

  @Test
  void eachCheckInTheCodeIsOnThePageOfTheAudit() {
    Findings.none(FILES.stream().flatMap(file -> OperationsRules.unwritten(file, AUDIT)));
    long found = FILES.stream().filter(SourceFile::isMain).flatMap(OperationsRules::checks).count();
    assertTrue(found > 30, () -> "Checks found in the code: " + found);
  }

  @Test
  void eachFigureHasAnEntry() {
    Findings.none(OPERATIONS.figures(OBSERVABILITY));
  }

  @Test
  void noEntryIsEmptyAndItsLinksLeadSomewhere() {
    Findings.none(Stream.concat(OPERATIONS.blanks(), OPERATIONS.deadEnds()));
  }

  @Test
  void eachAlertIsWholeAndSaysWhatToDo() {
    Findings.none(OPERATIONS.alerts(RULES));
    assertTrue(OperationsRules.names(RULES).count() > 20);
  }

  @Test
  void eachAlertIsTried() {
    Set<String> tried =
        RULES_TEST.lines().stream()
            .filter(line -> line.startsWith("  - name: Bowline"))
            .map(line -> line.replace("  - name: ", ""))
            .collect(toSet());
    assertEquals(OperationsRules.names(RULES).collect(toSet()), tried);
  }

  @Test
  void rulesTheirTestsTheDashboardAndThePageUseFiguresThatAreThere() {
    Findings.none(Stream.of(RULES, RULES_TEST, DASHBOARD, PAGE).flatMap(FIGURES::unknown));
  }

  @Test
  void theDashboardShowsEachFigure() {
    Set<String> missing =
        FIGURES
            .names()
            .filter(name -> !DASHBOARD.text().contains(name.replace('.', '_')))
            .collect(toSet());
    assertEquals(Set.of(), missing);
  }

  @Test
  void prometheusSeesTheNamesThatRulesAreWrittenWith() {
    assertTrue(
        FIGURES
            .onPrometheus()
            .keySet()
            .containsAll(
                Set.of(
                    "bowline_producer_sends_seconds_count",
                    "bowline_consumer_gaps_total",
                    "bowline_outbox_keys_parked_keys",
                    "bowline_broker_blocked_active_seconds_max")),
        () -> FIGURES.onPrometheus().toString());
  }

  @Test
  void aFigureThatIsNotThereIsFound() {
    String text =
        """
        bowline_producer_sends_seconds_count{outcome="unknown", source=~"$source"}
        bowline_producer_sends_total
        bowline_producer_sends_seconds_count{outcome="lost"}
        bowline_consumer_gaps_open_numbers{source="shop"}
        bowline_consumer_numbers_total{seen=~"zombie|other lane"}
        """;
    SourceFile file = new SourceFile("docs/alerts/rules.yml", text);
    assertEquals(
        Stream.of(2, 3, 4).map(line -> "docs/alerts/rules.yml:" + line).toList(),
        FIGURES.unknown(file).map(Finding::place).toList());
  }

  @Test
  void anEntryThatLacksIsFound() {
    SourceFile audit =
        new SourceFile(
            "docs/audit.md", "## On Kafka\n\n| check |\n|---|\n| `racks`, `leaders` |\n");
    SourceFile page =
        new SourceFile(
            "docs/operations.md",
            "### Findings on Kafka\n\n| finding |\n|---|\n| `racks` |\n| |\n[gone](#gone)\n");
    OperationsRules rules = new OperationsRules(page);
    assertEquals(1, rules.findings(audit).count());
    assertEquals(2, Stream.concat(rules.blanks(), rules.deadEnds()).count());
    SourceFile code =
        new SourceFile(
            "transport-kafka/src/main/java/A.java",
            "Check.critical(\n  \"racks\", Check.notice(\"new\"");
    assertEquals(1, OperationsRules.unwritten(code, audit).count());
    SourceFile alerts = new SourceFile("docs/alerts/rules.yml", "- alert: Bare\n  expr: up\n");
    assertEquals(1, rules.alerts(alerts).count());
  }
}
