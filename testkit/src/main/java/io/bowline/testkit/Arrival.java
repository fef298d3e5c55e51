// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.transport.Delivery;

/**
 * A delivery as a {@link Member} saw it.
 *
 * @param delivery the delivery
 * @param text its body as text
 * @param nanos when it was polled, by {@link System#nanoTime}
 * @param term what its lane was to the member then
 */
record Arrival(Delivery delivery, String text, long nanos, Term term) {

  /**
   * A lane between its coming and its going.
   *
   * @param held whether the lane had been assigned and not gone since
   * @param number how often it had gone before
   */
  record Term(boolean held, int number) {}

  static Arrival of(Delivery delivery, Term term) {
    String text = new String(delivery.body(), UTF_8);
    return new Arrival(delivery, text, System.nanoTime(), term);
  }

  @Override
  public String toString() {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
