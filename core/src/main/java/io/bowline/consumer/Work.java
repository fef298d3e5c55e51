// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.transport.Delivery;
import java.util.function.Consumer;

/** One delivery on its way through the engine. Only the thread that runs its line changes it. */
final class Work {
  final Delivery delivery;
  final LaneWork lane;
  final Received message;
  private final Consumer<Work> finished;

  /** Calls of the handler that threw. */
  int calls;

  /** Sends of its dead letter that were not confirmed. */
  int deadLetterSends;

  /**
   * @param finished hears, on a handler thread, that it is to be acknowledged
   */
  Work(Delivery delivery, LaneWork lane, Received message, Consumer<Work> finished) {
    this.delivery = delivery;
    this.lane = lane;
    this.message = message;
    this.finished = finished;
  }

  /** It was processed, or its dead letter confirmed. */
  void finish() {
    finished.accept(this);
  }

  /** The message for the next call of the handler: broker's attempts and ours, counted together. */
  Received attempt() {
    return message.atAttempt(delivery.attempt() + calls);
  }
}
