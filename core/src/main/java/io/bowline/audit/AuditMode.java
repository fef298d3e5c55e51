// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

/** What is done about findings when a broker is connected to. */
public enum AuditMode {
  /** Nothing is asked. */
  OFF,
  /** What is not fine is told in the log, each finding once. */
  WARN,
  /** The same, and a critical finding that failed or could not be verified is refused. */
  ENFORCE
}
