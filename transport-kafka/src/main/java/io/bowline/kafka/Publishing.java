// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.BrokerEvents;

/** Whether messages reach the broker, as far as it was told. Thread-safe. */
final class Publishing {
  private static final String CONNECTION = "publishing";

  private final BrokerEvents events;
  private boolean lost;

  Publishing(BrokerEvents events) {
    this.events = events;
  }

  synchronized void lost(String why) {
    if (!lost) {
      lost = true;
      events.lost(CONNECTION, why);
    }
  }

  /** A message was stored. */
  synchronized void stored() {
    if (lost) {
      lost = false;
      events.restored(CONNECTION);
    }
  }
}
