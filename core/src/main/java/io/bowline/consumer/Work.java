// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Received;
import io.bowline.transport.Delivery;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One delivery on its way through the engine. Only the thread that runs its line changes it, if
 * nothing else is said.
 */
final class Work {
  final Delivery delivery;
  final LaneWork lane;
  final Received message;
  private final Consumer<Work> finished;

  /** Calls of the handler that threw. */
  int calls;

  /** Sends of its dead letter that were not confirmed. */
  int deadLetterSends;

  /** The gate let it in, and need not be asked again. */
  boolean admitted;

  /** The last call of its handler failed: if it is finished all the same, by its dead letter. */
  boolean failedLast;

  /** Moments of {@link System#nanoTime}, if anything is measured. */
  long arrived;

  long callBegan;

  /** Beginnings and ends of calls of its handler: odd while it is at work. */
  private volatile int steps;

  /**
   * Its neighbours in its lane, older and newer; only the polling thread reads and writes these.
   */
  @Nullable Work previous;

  @Nullable Work next;

  boolean listed;

  /** Which one it is of those taken from its lane in this assignment. */
  long number;

  /** What {@link Sweep} saw of it, and when. */
  int stepsSeen;

  long callSeen;
  boolean failureWasSeen;
  long failureSeen;

  /**
   * @param finished hears, on a handler thread, that it is to be acknowledged
   */
  Work(Delivery delivery, LaneWork lane, Received message, Consumer<Work> finished) {
    this.delivery = delivery;
    this.lane = lane;
    this.message = message;
    this.finished = finished;
  }

  /** A call of its handler begins, or ends. */
  void step() {
    int next = steps + 1; // one thread at a time works on it
    steps = next;
  }

  int steps() {
    return steps;
  }

  /** Whether its handler is at work. */
  boolean isAtWork() {
    return steps % 2 != 0;
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
