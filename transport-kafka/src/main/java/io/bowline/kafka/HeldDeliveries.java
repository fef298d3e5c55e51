// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Released deliveries, each waiting for its time to come again. Times are {@code System.nanoTime},
 * told by the caller. Confined to the polling thread.
 */
final class HeldDeliveries {
  private static final Comparator<KafkaDelivery> ORDER_OF_THE_BROKER =
      Comparator.comparingInt(KafkaDelivery::lane).thenComparingLong(KafkaDelivery::offset);

  /** Times are compared by their difference, since nanoTime may wrap around. */
  private final PriorityQueue<Held> waiting =
      new PriorityQueue<>((a, b) -> Long.compare(a.due - b.due, 0));

  private final PriorityQueue<KafkaDelivery> due = new PriorityQueue<>(ORDER_OF_THE_BROKER);

  private record Held(KafkaDelivery delivery, long due) {}

  /** Holds a delivery until this time. */
  void hold(KafkaDelivery delivery, long dueNanos) {
    waiting.add(new Held(delivery, dueNanos));
  }

  /** How many are held. */
  int size() {
    return waiting.size() + due.size();
  }

  /** How many are due now. */
  int due(long nowNanos) {
    for (Held first = waiting.peek();
        first != null && first.due - nowNanos <= 0;
        first = waiting.peek()) {
      due.add(first.delivery);
      waiting.remove();
    }
    return due.size();
  }

  /** Takes those that are due, those of a lane in the order of the broker, at most {@code max}. */
  List<KafkaDelivery> take(long nowNanos, int max) {
    int count = Math.min(due(nowNanos), max);
    List<KafkaDelivery> taken = new ArrayList<>(count);
    while (taken.size() < count) {
      taken.add(due.remove());
    }
    return taken;
  }

  /** How long until one more is due, in nanoseconds; empty if none waits. */
  OptionalLong untilNext(long nowNanos) {
    Held first = waiting.peek();
    return first == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, first.due - nowNanos));
  }

  /** Forgets those of these lanes. */
  void drop(Set<Integer> lanes) {
    waiting.removeIf(held -> lanes.contains(held.delivery.lane()));
    due.removeIf(delivery -> lanes.contains(delivery.lane()));
  }
}
