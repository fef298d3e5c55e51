// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges that refused us a short while ago and are not tried meanwhile: each try ends the
 * channel, and with it all that is under way. Remembers at most 1000. Thread-safe.
 */
final class Refusals {
  private static final long LASTS = Duration.ofSeconds(10).toNanos();
  private static final int MOST = 1000;

  private final Map<String, Refusal> byExchange = new ConcurrentHashMap<>();

  private record Refusal(String answer, long at) {}

  void note(String exchange, String answer, long now) {
    if (byExchange.size() >= MOST) {
      byExchange.clear();
    }
    byExchange.put(exchange, new Refusal(answer, now));
  }

  /** What the broker answered within the last 10 s, or null. */
  @Nullable String answer(String exchange) {
    if (byExchange.isEmpty()) {
      return null;
    }
    Refusal refusal = byExchange.get(exchange);
    return refusal != null && System.nanoTime() - refusal.at < LASTS ? refusal.answer : null;
  }
}
