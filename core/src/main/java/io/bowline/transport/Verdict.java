// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

/** What a failure proves about the message. {@link #UNKNOWN} unless the opposite is proven. */
public enum Verdict {
  /** Proven not stored, and trying again may help: no leader just now, the broker is too busy. */
  NOT_STORED,
  /** Proven not stored, and trying again cannot help: too large, no such topic, not allowed. */
  REFUSED,
  /** May be stored and may still appear: time ran out, the connection was cut. */
  UNKNOWN
}
