// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.List;

/**
 * How a consumer is, at the moment it was asked, and why: sentences for people, without a body, a
 * key or a secret.
 *
 * @param status the worst of what was found
 * @param reasons what was found, the worst first; empty if UP
 */
public record Health(Status status, List<String> reasons) {

  /** How it is. */
  public enum Status {
    /** It works, or waits for messages. */
    UP,
    /** It works less than it should, or was told to: look at the reasons. */
    DEGRADED,
    /** It makes no progress, on some message or on all, and will hardly mend by itself. */
    STUCK,
    /** It was closed. */
    CLOSED
  }

  /** Keeps a copy of the list. */
  public Health {
    reasons = List.copyOf(reasons);
  }

  /** The reasons as one line. */
  public String reason() {
    return String.join("; ", reasons);
  }
}
