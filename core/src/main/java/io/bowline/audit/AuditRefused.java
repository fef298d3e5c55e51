// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import java.util.stream.Collectors;

/** A broker that does not promise enough, by {@link AuditMode#ENFORCE}. */
public final class AuditRefused extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient AuditReport report;

  /** Tells the critical findings. */
  public AuditRefused(AuditReport report) {
    super(
        "%s does not promise enough, and AuditMode.ENFORCE was asked for:%n%s"
            .formatted(
                report.broker(),
                report.critical().stream()
                    .map(finding -> "  " + finding)
                    .collect(Collectors.joining("\n"))));
    this.report = report;
  }

  /** All that was found. */
  public AuditReport report() {
    return report;
  }
}
