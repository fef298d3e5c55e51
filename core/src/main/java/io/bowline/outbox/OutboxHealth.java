// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a relay is, at the moment it was asked, and why: sentences for people.
 *
 * @param status the worst of what was found
 * @param reasons what was found; empty if UP
 * @param pending what waited when that was last counted, at most {@link OutboxRelay#COUNTED_EVERY}
 *     ago while the store answers
 */
public record OutboxHealth(Status status, List<String> reasons, Pending pending) {
  /** How it is. */
  public enum Status {
    /** It sends, or waits for messages. */
    UP,
    /** Messages wait too long, or for a person, or the store does not answer. */
    DEGRADED,
    /** It was closed. */
    CLOSED
  }

  /** Keeps a copy of the list. */
  public OutboxHealth {
    reasons = List.copyOf(reasons);
  }

  /** What is to be said of it. */
  static OutboxHealth of(Pending pending, Duration oldestAtMost, boolean beats) {
    List<String> reasons = new ArrayList<>();
    if (!beats) {
      reasons.add(
          "The store does not renew the leases of this relay, which sends nothing meanwhile");
    }
    if (pending.oldest().compareTo(oldestAtMost) > 0) {
      reasons.add(
          pending.rows()
              + " messages wait, the oldest for "
              + pending.oldest()
              + ": is the broker away, or does no relay run that can send?");
    }
    if (pending.parked() > 0) {
      reasons.add(pending.parked() + " keys are parked: look at parked(), mend the cause, unpark");
    }
    return new OutboxHealth(reasons.isEmpty() ? Status.UP : Status.DEGRADED, reasons, pending);
  }
}
