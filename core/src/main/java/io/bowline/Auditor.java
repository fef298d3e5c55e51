// SPDX-License-Identifier: Apache-2.0
package io.bowline;

import io.bowline.audit.AuditMode;
import io.bowline.audit.AuditRefused;
import io.bowline.audit.AuditReport;
import io.bowline.audit.Audited;
import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds what a service relies on against what the broker does. One audit. */
final class Auditor {
  private static final Logger log = LoggerFactory.getLogger(Auditor.class);
  private static final String LATE = "What is not read in that time is deleted unread.";

  private final BrokerAdmin admin;
  private final Audited use;
  private final TopicAudit stored;

  private Auditor(BrokerAdmin admin, Audited use) {
    this.admin = admin;
    this.use = use;
    this.stored = admin.audit(use.topic());
  }

  /**
   * What the broker says of a topic, and what follows for its use.
   *
   * @throws TransportException REFUSED if there is no such topic; UNKNOWN if no answer came
   */
  static TopicAudit audit(BrokerAdmin admin, Audited use) {
    return new Auditor(admin, use).all();
  }

  /**
   * Writes what is not fine into the log.
   *
   * @throws AuditRefused if that is to be enforced, and something critical is not fine
   */
  static void tell(AuditMode mode, AuditReport report) {
    report.topics().stream()
        .flatMap(topic -> topic.findings().stream())
        .filter(finding -> !finding.isFine())
        .forEach(finding -> log.warn("Audit of {}: {}", report.broker(), finding));
    if (mode == AuditMode.ENFORCE && !report.critical().isEmpty()) {
      throw new AuditRefused(report);
    }
  }

  private TopicAudit all() {
    List<Finding> findings = new ArrayList<>(stored.findings());
    for (String group : use.groups()) {
      findings.add(kept(group));
      findings.add(settings(group));
      findings.add(age(group));
    }
    use.deadLetters().ifPresent(topic -> findings.add(beside("dead-letters", topic)));
    use.parking().ifPresent(topic -> findings.add(beside("parking", topic)));
    use.dedupeWindow().ifPresent(window -> findings.add(dedupeWindow(window)));
    use.keepsSent().ifPresent(kept -> findings.add(outboxRetention(kept)));
    return new TopicAudit(stored.topic(), stored.durability(), stored.retention(), findings);
  }

  private String reader(String group) {
    return "group %s of topic %s".formatted(group, use.topic());
  }

  /** Whether the broker keeps what is sent now for a group. */
  private Finding kept(String group) {
    Check check = Check.critical("group", reader(group));
    try {
      Backlog left = admin.backlog(use.topic(), group);
      String read = "%d messages wait (%s)".formatted(left.messages(), left.quality());
      return check.pass(read, "What is sent now is kept for it.");
    } catch (TransportException e) {
      String said = said(e);
      // Who cannot tell how long messages are kept cannot tell who reads them either.
      return stored.retention().value().isEmpty()
          ? check.unverifiable(said, stored.retention().remedy())
          : check.fail(
              said,
              "What is sent before its first member starts is not kept for it.",
              "make it with its topic: TopicSpec.groups, and ensure");
    }
  }

  /** Whether what the broker has for a group is as it would be made. */
  private Finding settings(String group) {
    Check check = Check.warning("group-settings", reader(group));
    List<Part> parts;
    try {
      Provisioning topic = asItIs(TopicSpec.of(use.topic()));
      TopicSpec both = TopicSpec.of(use.topic()).lanes(topic.lanes()).groups(group);
      parts = otherwise(admin.plan(both));
      // What is otherwise without the group too is the topic's, which has findings of its own.
      parts.removeAll(otherwise(topic));
    } catch (TransportException e) {
      return check.unverifiable(said(e), "give a way to ask for it");
    }
    if (parts.isEmpty()) {
      return check.pass("as it would be made", "It has what order and attempts rest on.");
    }
    String read = parts.stream().map(Part::toString).collect(Collectors.joining("; "));
    return parts.stream().anyMatch(part -> part.state() == State.DIFFERENT)
        ? check.fail(
            read,
            "Order within a key, or attempts beyond the broker's own limit, are not kept.",
            "mend it by the broker's own tools, or use another group: nothing of it is changed")
        : check.unverifiable(read, "make the group, or grant the right to look at it");
  }

  /** A plan by the number of lanes that the topic has. */
  private Provisioning asItIs(TopicSpec spec) {
    Provisioning plan = admin.plan(spec);
    return plan.lanes() == spec.lanes() ? plan : admin.plan(spec.lanes(plan.lanes()));
  }

  private static List<Part> otherwise(Provisioning plan) {
    return plan.parts().stream()
        .filter(part -> part.state() != State.PRESENT)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** What the broker refuses to tell; that it did not answer is no finding. */
  private static String said(TransportException e) {
    if (e.verdict() != Verdict.REFUSED) {
      throw e;
    }
    return String.valueOf(e.getMessage());
  }

  private Finding age(String group) {
    Check check = Check.warning("backlog-age", reader(group));
    return stored
        .retention()
        .judge(
            check,
            kept ->
                isForEver(kept)
                    ? check.pass("kept until it is read", "A group may be as late as it likes.")
                    : unread(group, kept.dividedBy(2)).judge(check, old -> age(check, kept, old)));
  }

  private Fact<Boolean> unread(String group, Duration time) {
    try {
      return admin.unreadFor(use.topic(), group, time);
    } catch (TransportException e) {
      return Fact.unknown(said(e), "make the group, or give a way to ask for it");
    }
  }

  private static Finding age(Check check, Duration kept, boolean old) {
    return old
        ? check.fail(
            "messages wait for longer than half of the %s that they are kept".formatted(kept),
            LATE,
            "see why the group is behind, at once; or keep messages for longer")
        : check.pass("all that waits is younger than half of " + kept, "The group is in time.");
  }

  private static boolean isForEver(Duration kept) {
    return kept.compareTo(TopicAudit.FOR_EVER) >= 0;
  }

  /** Another topic that must be no worse. */
  private Finding beside(String name, String topic) {
    Check check = Check.critical(name, "topic " + topic);
    TopicAudit other;
    try {
      other = admin.audit(topic);
    } catch (TransportException e) {
      return check.fail(
          said(e),
          "A consumer that needs it does not start.",
          "make it: TopicSpec.deadLetters, and ensure");
    }
    return compared(check, other);
  }

  private Finding compared(Check check, TopicAudit other) {
    String read = "%s, and its source %s".formatted(other.durability(), stored.durability());
    if (other.durability() == Durability.UNVERIFIED
        || stored.durability() == Durability.UNVERIFIED) {
      return check.unverifiable(read, "see the findings of either topic, in an audit of both");
    }
    List<String> worse = worse(other);
    return worse.isEmpty()
        ? check.pass(read, "What is put there is as safe as it was.")
        : check.fail(
            "%s; worse than its source: %s".formatted(read, String.join(", ", worse)),
            "A message that was accepted for its copy there is less safe than before.",
            "see the remedies in an audit of topic " + other.topic());
  }

  private List<String> worse(TopicAudit other) {
    List<String> ours = failed(stored);
    List<String> worse =
        failed(other).stream()
            .filter(check -> !ours.contains(check))
            .collect(Collectors.toCollection(ArrayList::new));
    if (!other.durability().isAsGoodAs(stored.durability())) {
      worse.add("durability");
    }
    return worse;
  }

  private static List<String> failed(TopicAudit audit) {
    return audit.critical().stream().map(finding -> finding.check().name()).toList();
  }

  /** A message may come again for as long as it is kept. */
  private Finding dedupeWindow(Duration window) {
    String where = "topic " + use.topic();
    Check check = Check.warning("dedupe-window", where);
    return stored
        .retention()
        .judge(
            check,
            kept -> {
              if (isForEver(kept)) {
                // Nothing to mend: a queue keeps what nobody read, and gives it out no more after.
                return Check.notice("dedupe-window", where)
                    .fail(
                        "remembered for %s, kept for ever".formatted(window),
                        "What is older takes effect again, should it come again.",
                        "read nothing again that is older than that");
              }
              String read = "remembered for %s, kept for %s".formatted(window, kept);
              return window.compareTo(kept) >= 0
                  ? check.pass(read, "A message that comes again is known, whenever it does.")
                  : check.fail(
                      read,
                      "A message that comes again after the window takes effect again.",
                      "remember for as long as the topic keeps, or keep it for less long");
            });
  }

  private Finding outboxRetention(Duration kept) {
    Check check = Check.warning("outbox-retention", "the outbox of topic " + use.topic());
    if (use.dedupeWindow().isEmpty()) {
      return check.unverifiable(
          "it is not said for how long effects are remembered", "say so by dedupeWindow");
    }
    Duration window = use.dedupeWindow().get();
    String read = "sent messages kept for %s, remembered for %s".formatted(kept, window);
    return kept.compareTo(window) <= 0
        ? check.pass(read, "What is sent again from it is known where it took effect.")
        : check.fail(
            read,
            "What is sent again from it after the window takes effect again.",
            "keep what was sent for less long, or remember for longer");
  }
}
