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
 * @param expected whether its lane had been assigned and not gone since
 */
record Arrival(Delivery delivery, String text, long nanos, boolean expected) {

  static Arrival of(Delivery delivery, boolean expected) {
    String text = new String(delivery.body(), UTF_8);
    return new Arrival(delivery, text, System.nanoTime(), expected);
  }

  @Override
  public String toString() {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
