// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;

/** Warnings, each cause at most once a minute. Thread-safe. */
final class Complaints {
  private static final long QUIET = Duration.ofMinutes(1).toNanos();

  private final Logger log;
  private final ConcurrentMap<String, Long> last = new ConcurrentHashMap<>();

  Complaints(Logger log) {
    this.log = log;
  }

  /** Warns, unless it did so for this cause within the last minute. Causes are few and fixed. */
  void about(String cause, String format, Object... arguments) {
    long now = System.nanoTime();
    Long before = last.get(cause);
    if (before == null || now - before >= QUIET) {
      last.put(cause, now);
      log.warn(format, arguments);
    }
  }
}
