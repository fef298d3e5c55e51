// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Reads from subscriptions, patiently. */
final class Reading {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final LaneListener ANY_LANE =
      new LaneListener() {
        @Override
        public void assigned(Set<Integer> lanes) {}

        @Override
        public void revoking(Set<Integer> lanes) {}

        @Override
        public void lost(Set<Integer> lanes) {}
      };

  private Reading() {}

  /** Polls and accepts until enough came. */
  static List<Delivery> receive(Subscription from, Predicate<List<Delivery>> enough) {
    List<Delivery> got = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!enough.test(got) && System.nanoTime() - end < 0) {
      for (Delivery delivery : from.poll(50, Duration.ofMillis(200))) {
        assertTrue(from.accept(delivery));
        got.add(delivery);
      }
    }
    assertTrue(enough.test(got), () -> "only these came: " + got);
    return got;
  }

  static String text(Delivery delivery) {
    return new String(delivery.body(), UTF_8);
  }
}
