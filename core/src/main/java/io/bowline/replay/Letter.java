// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import io.bowline.message.Received;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.transport.Delivery;

/** A dead letter on its way through a replay. Confined to the thread that replays. */
final class Letter {
  final Delivery delivery;
  final Received received;

  /** What should become of it. */
  Fate fate;

  /** Whether a send is under way for it. */
  boolean begun;

  /** Whether its lane was lost: it can be acknowledged no more. */
  boolean lost;

  Letter(Delivery delivery, Received received, Fate fate) {
    this.delivery = delivery;
    this.received = received;
    this.fate = fate;
  }
}
