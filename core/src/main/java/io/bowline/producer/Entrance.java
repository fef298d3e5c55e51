// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.retry.SteadyClock;
import io.bowline.transport.BrokerState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where callers wait: for a broker that takes messages, and for room in the window. Nowhere else
 * does a send wait for the broker. Thread-safe.
 */
final class Entrance {
  /** How often who waits for a blocked broker looks whether the producer was closed: 100 ms. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final BrokerState broker;
  private final SendWindow window;
  private final ProducerSettings settings;
  private final SteadyClock clock;
  private final SendMeters meters;

  /** What it looks at. */
  record Sights(BrokerState broker, SendWindow window, SteadyClock clock) {}

  Entrance(Sights sights, ProducerSettings settings, SendMeters meters) {
    this.broker = sights.broker;
    this.window = sights.window;
    this.clock = sights.clock;
    this.settings = settings;
    this.meters = meters;
  }

  /**
   * Enters, after waiting at most as long as the caller allowed since the start; null if it did,
   * else why not.
   */
  @Nullable String enter(int size, long start) throws InterruptedException {
    if (!broker.blocked()) {
      SendWindow.Entry entry = window.tryEnter(size);
      if (entry != SendWindow.Entry.FULL) {
        return refusal(entry);
      }
    }
    long began = clock.nanos();
    try {
      return awaitBroker(start) ? refusal(window.enter(size, left(start))) : brokerBlocked();
    } finally {
      meters.waited(clock.nanos() - began);
    }
  }

  /** Enters if that needs no wait; whether it did. */
  boolean enterNow(int size) {
    return !broker.blocked() && window.tryEnter(size) == SendWindow.Entry.ENTERED;
  }

  /** How much of what the caller allowed is left. */
  Duration left(long start) {
    return settings.maxBlock().minusNanos(clock.nanos() - start);
  }

  /** Whether the broker takes messages in time; true also if the producer was closed meanwhile. */
  private boolean awaitBroker(long start) throws InterruptedException {
    while (!window.closed()) {
      Duration left = left(start);
      boolean last = left.compareTo(LOOK) <= 0;
      if (broker.awaitUnblocked(last ? left : LOOK)) {
        return true;
      }
      if (last) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String refusal(SendWindow.Entry entry) {
    return switch (entry) {
      case ENTERED -> null;
      case CLOSED -> "the producer is closed";
      case FULL ->
          "the window of "
              + settings.window().messages()
              + " messages and "
              + settings.window().bytes()
              + " bytes stayed full for "
              + settings.maxBlock();
    };
  }

  private String brokerBlocked() {
    return "the broker took no messages for "
        + settings.maxBlock()
        + " ("
        + broker.why().orElse("it takes them again now")
        + ")";
  }
}
