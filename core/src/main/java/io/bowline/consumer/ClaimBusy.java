// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;

/** Another member, or an earlier delivery, is at work on the message: nothing is wrong. */
final class ClaimBusy extends HeldBack {
  private static final long serialVersionUID = 1;

  /** The shortest time until it is looked again: 10 ms. */
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private final Duration left;

  ClaimBusy(Duration left) {
    super("Somebody else has claimed the message, for another " + left, null);
    this.left = left;
  }

  /** How long to wait: no longer than until the claim may be over. */
  Duration atMost(Duration delay) {
    Duration until = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    return until.compareTo(delay) < 0 ? until : delay;
  }
}
