// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import io.bowline.audit.Finding.Status;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a broker's own settings say of topics, as they were when it was asked. Immutable.
 *
 * @param broker its address, without secrets
 * @param topics in the order in which they were asked for
 */
public record AuditReport(String broker, List<TopicAudit> topics) {
  /** Copies the list. */
  public AuditReport {
    topics = List.copyOf(topics);
  }

  /** True if all that matters was read and is as it should be, of each topic. */
  public boolean isFine() {
    return topics.stream().allMatch(TopicAudit::isFine);
  }

  /** All findings by which a confirmed message may be lost: failed, or not to be read. */
  public List<Finding> critical() {
    return topics.stream().flatMap(topic -> topic.critical().stream()).toList();
  }

  /** All findings of this status. */
  public List<Finding> findings(Status status) {
    return topics.stream().flatMap(topic -> topic.findings(status).stream()).toList();
  }

  /** For people: all findings, topic by topic, and a last line that counts them. */
  @Override
  public String toString() {
    return topics.stream()
        .map(TopicAudit::toString)
        .collect(Collectors.joining("\n", "Audit of " + broker + "\n", "\n" + counts()));
  }

  private String counts() {
    return "%d passed, %d failed, %d could not be verified"
        .formatted(
            findings(Status.PASS).size(),
            findings(Status.FAIL).size(),
            findings(Status.UNVERIFIABLE).size());
  }
}
