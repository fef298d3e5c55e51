// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import io.bowline.audit.Finding.Severity;
import io.bowline.audit.Finding.Status;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What was found of one topic, and of the broker as far as the topic depends on it. Immutable.
 *
 * @param topic its name
 * @param durability what a confirmed message of it survives
 * @param retention how long a message is kept, whether it was read or not; {@link #FOR_EVER} if
 *     nothing but reading it, or nothing at all, takes it away
 * @param findings in the order of their weight: what failed, what could not be read, what passed
 */
public record TopicAudit(
    String topic, Durability durability, Fact<Duration> retention, List<Finding> findings) {
  /** Longer than any time. */
  public static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

  private static final Comparator<Finding> BY_WEIGHT =
      Comparator.comparing((Finding finding) -> finding.status() == Status.PASS)
          .thenComparing(finding -> finding.check().severity())
          .thenComparing(finding -> finding.status() == Status.UNVERIFIABLE);

  /** Sorts the findings. */
  public TopicAudit {
    findings = findings.stream().sorted(BY_WEIGHT).toList();
  }

  /** A topic of which it is not known how long it keeps messages. */
  public TopicAudit(String topic, Durability durability, List<Finding> findings) {
    this(
        topic,
        durability,
        Fact.unknown(
            "how long messages are kept is not known", "see what else could not be verified"),
        findings);
  }

  /** The findings of this status. */
  public List<Finding> findings(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).toList();
  }

  /**
   * What a check found.
   *
   * @param check its name, as {@code replication-factor}
   * @throws NoSuchElementException if this audit has no such check
   */
  public Finding finding(String check) {
    return findings.stream()
        .filter(finding -> finding.check().name().equals(check))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("No check " + check + " in: " + this));
  }

  /** The findings by which a confirmed message may be lost: failed, or not to be read. */
  public List<Finding> critical() {
    return findings.stream()
        .filter(finding -> finding.check().severity() == Severity.CRITICAL && !finding.isFine())
        .toList();
  }

  /** True if all that matters was read and is as it should be. */
  public boolean isFine() {
    return findings.stream().allMatch(Finding::isFine);
  }

  /** For people: a line of the whole, and one or two of each finding. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Topic ").append(topic).append(": ").append(durability);
    findings.forEach(finding -> text.append("\n  ").append(finding));
    return text.toString();
  }
}
