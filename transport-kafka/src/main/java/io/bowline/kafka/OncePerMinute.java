// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lets one warning per cause and minute through. Thread-safe. */
final class OncePerMinute {
  private static final int MOST_CAUSES = 1_000;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, Long> told = new HashMap<>();

  synchronized boolean allows(String cause) {
    long now = System.nanoTime();
    Long last = told.get(cause);
    if (last != null && now - last < MINUTE) {
      return false;
    }
    if (told.size() >= MOST_CAUSES) {
      told.clear();
    }
    told.put(cause, now);
    return true;
  }
}
