// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps one cause from being told more often than once a minute. Thread-safe. */
final class Warnings {
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();
  private static final int MOST_CAUSES = 256;

  private final Map<String, Long> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_CAUSES;
        }
      };

  /** Whether this cause may be told now; if so, not again for a minute. */
  synchronized boolean due(String cause) {
    long now = System.nanoTime();
    Long last = told.get(cause);
    if (last != null && now - last < PAUSE) {
      return false;
    }
    told.remove(cause);
    told.put(cause, now);
    return true;
  }
}
