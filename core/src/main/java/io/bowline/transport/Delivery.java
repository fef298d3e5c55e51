// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of a message. It is settled once, with the {@link Subscription} that polled it, by
 * {@link Subscription#accept accept} or {@link Subscription#release release}.
 *
 * <p>What it tells never changes and may be read by any thread.
 */
public interface Delivery {

  /** The topic. */
  String topic();

  /** The lane it came by: deliveries of one lane are polled in the order of the broker. */
  int lane();

  /** The key as the producer gave it, or null. */
  @Nullable String key();

  /**
   * All headers, the stamp's included, as the producer gave them; unmodifiable. What a plain client
   * wrote is shown as text; of a name that stands twice the last value is shown.
   */
  Map<String, String> headers();

  /** The body; empty, never null, where the broker holds none. */
  byte[] body();

  /**
   * Which arrival this is, from 1, as far as the broker or this subscription counts them. Never
   * falls while the subscription lives; a broker without a counter starts at 1 in each member.
   */
  int attempt();

  /** The broker's own name for the place: an offset, a delivery tag, a message id. For people. */
  String position();

  /**
   * The id that a message without stamp goes by: native if there is one, else topic/lane/position.
   */
  String nativeId();

  /** What a handler gets of it, at the first attempt. */
  default Received asReceived() {
    return Received.of(
        () -> new Origin(topic(), lane(), position(), nativeId()), key(), headers(), body());
  }
}
