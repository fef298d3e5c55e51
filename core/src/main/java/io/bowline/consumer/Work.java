// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.transport.Delivery;

/** One delivery on its way through the engine. Only the thread that runs its line changes it. */
final class Work {
  final Delivery delivery;
  final LaneWork lane;
  final Received message;

  /** Calls of the handler that threw. */
  int calls;

  /** Sends of its dead letter that were not confirmed. */
  int deadLetterSends;

  Work(Delivery delivery, LaneWork lane, Received message) {
    this.delivery = delivery;
    this.lane = lane;
    this.message = message;
  }

  /** The message for the next call of the handler: broker's attempts and ours, counted together. */
  Received attempt() {
    return message.atAttempt(delivery.attempt() + calls);
  }
}
