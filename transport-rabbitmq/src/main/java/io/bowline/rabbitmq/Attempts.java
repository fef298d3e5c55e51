// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a message that was released here arrived, so that the count does not fall when it comes
 * again by another channel, of which the broker counts one arrival only. Forgets the oldest beyond
 * its bound. Confined to one thread.
 */
final class Attempts {
  private final Map<String, Integer> arrivals;

  Attempts(int most) {
    this.arrivals =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > most;
          }
        };
  }

  /** The delivery as it arrived, or with the greater count that is known here. */
  RabbitDelivery counted(RabbitDelivery fresh) {
    Integer before = arrivals.isEmpty() ? null : arrivals.get(fresh.identity());
    return before == null || before < fresh.attempt() ? fresh : fresh.attempt(before + 1);
  }

  /** A delivery was released, and will arrive again. */
  void remember(RabbitDelivery released) {
    String identity = released.identity();
    if (identity != null) {
      arrivals.remove(identity);
      arrivals.put(identity, released.attempt());
    }
  }

  /** A message will not arrive again. */
  void forget(RabbitDelivery accepted) {
    if (!arrivals.isEmpty()) {
      arrivals.remove(accepted.identity());
    }
  }
}
