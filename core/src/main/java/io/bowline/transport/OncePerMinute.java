// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets one warning per cause and minute through, so that trouble that lasts does not bury the log.
 * It remembers 256 causes; of more, the one told longest ago may be told again at once.
 * Thread-safe.
 */
public final class OncePerMinute {
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

  /** Nothing was told yet. */
  public OncePerMinute() {}

  /** Whether this cause may be told now; if so, not again for a minute. */
  public boolean allows(String cause) {
    return allows(cause, System.nanoTime());
  }

  /** The same at a moment of {@link System#nanoTime}. */
  synchronized boolean allows(String cause, long now) {
    Long last = told.get(cause);
    if (last != null && now - last < PAUSE) {
      return false;
    }
    told.remove(cause);
    told.put(cause, now);
    return true;
  }
}
