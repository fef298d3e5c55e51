// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.audit.AuditReport;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Status;
import io.bowline.audit.TopicAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline audit}: what the broker's settings promise for what topics store. */
@Command(
    name = "audit",
    description = {
      "Says what the broker's settings promise for what topics store.",
      "Changes nothing."
    },
    footer = {
      "",
      "Ends with 1 if something that matters failed, or could not be read.",
      "",
      "  bowline audit kafka://localhost:9092 beans.deduct beans.dead",
      "  bowline audit kafka://localhost:9092 beans.deduct --group bean-service"
          + " --dead-letters beans.dead --dedupe-window 7d",
      "  bowline audit 'rabbitmq://me@host/vhost?management=http://host:15672' beans.deduct"
    })
final class AuditCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Access access;
  @Mixin private final Use use = new Use();

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TOPIC",
      description = "The topics to look at; without any all topics of the broker.")
  private List<String> topics = new ArrayList<>();

  @Option(names = "--no-passed", description = "Leaves out what is as it should be.")
  private boolean noPassed;

  AuditCommand(Terminal terminal) {
    output = new Output(terminal);
    access = new Access(terminal);
  }

  @Override
  public Integer call() {
    try (Bowline bowline = access.connect()) {
      List<String> all = topics.isEmpty() ? bowline.admin().topics() : topics;
      if (all.isEmpty()) {
        output.remark("The broker has no topics");
      }
      AuditReport report = bowline.audit(all.stream().map(use::of).toList());
      if (output.isJson()) {
        output.document(json(report));
      } else {
        print(report);
      }
      return Exit.of(report.isFine());
    }
  }

  private List<Finding> shown(TopicAudit topic) {
    return topic.findings().stream()
        .filter(finding -> !noPassed || finding.status() != Status.PASS)
        .toList();
  }

  private void print(AuditReport report) {
    output.print("Audit of " + report.broker());
    for (TopicAudit topic : report.topics()) {
      output.print("Topic " + topic.topic() + ": " + topic.durability());
      for (Finding finding : shown(topic)) {
        output.print("  " + coloured(finding));
      }
    }
    output.print(
        "%d passed, %d failed, %d could not be verified"
            .formatted(
                report.findings(Status.PASS).size(),
                report.findings(Status.FAIL).size(),
                report.findings(Status.UNVERIFIABLE).size()));
  }

  private String coloured(Finding finding) {
    Output.Colour colour =
        switch (finding.status()) {
          case PASS -> Output.Colour.GREEN;
          case FAIL -> Output.Colour.RED;
          case UNVERIFIABLE -> Output.Colour.YELLOW;
        };
    return output.firstWordColoured(colour, finding.toString());
  }

  private Map<String, @Nullable Object> json(AuditReport report) {
    return Output.fields(
        "broker",
        report.broker(),
        "fine",
        report.isFine(),
        "topics",
        report.topics().stream()
            .map(
                topic ->
                    Output.fields(
                        "topic",
                        topic.topic(),
                        "durability",
                        topic.durability().name(),
                        "fine",
                        topic.isFine(),
                        "findings",
                        shown(topic).stream().map(AuditCommand::json).toList()))
            .toList());
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    return Output.fields(
        "check",
        finding.check().name(),
        "severity",
        finding.check().severity().name(),
        "status",
        finding.status().name(),
        "where",
        finding.check().where(),
        "read",
        finding.read(),
        "meaning",
        finding.meaning(),
        "remedy",
        finding.remedy());
  }
}
