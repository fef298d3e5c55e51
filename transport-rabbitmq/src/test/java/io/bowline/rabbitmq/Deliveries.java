// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.rabbitmq.RabbitDelivery.Content;
import java.util.Map;

/** Deliveries to try things with. */
final class Deliveries {
  private Deliveries() {}

  /** What tells one from another. */
  record Sample(long tag, String id, int attempt) {}

  static RabbitDelivery of(Sample sample) {
    Content content = new Content("orders", 0, null, Map.of(), new byte[0], sample.id);
    return new RabbitDelivery("channel", sample.tag, content, sample.attempt);
  }
}
