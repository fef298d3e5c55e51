// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

/** What may happen to a broker, or between it and its clients, while they send. */
public enum FaultKind {
  /** The broker dies as by a power cut, and starts again. */
  KILLED,

  /** The broker stands still, its connections open, and goes on. */
  PAUSED,

  /** All connections are reset. */
  CUT,

  /** Requests reach the broker, which stores them; the connections die before the answers. */
  CUT_BEFORE_ANSWER,

  /** The connections that are there carry nothing any more, and nobody is told; new ones work. */
  HALF_OPEN,

  /**
   * Nothing passes in either direction, on connections old and new; then all that was held does.
   */
  SILENT,

  /** All connections are reset, and new ones too for a while. */
  UNREACHABLE
}
