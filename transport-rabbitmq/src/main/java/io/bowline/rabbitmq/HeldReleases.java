// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Released deliveries until their delay has passed, in the order of their time and, at one time, of
 * their tags. Confined to one thread; bounded by the prefetch, which they count against.
 */
final class HeldReleases {
  private final PriorityQueue<Held> held =
      new PriorityQueue<>(
          Comparator.comparingLong(Held::due).thenComparingLong(each -> each.delivery.tag()));

  private record Held(RabbitDelivery delivery, long due) {}

  /** Holds a delivery until this moment, by a clock that never runs back. */
  void hold(RabbitDelivery delivery, long due) {
    held.add(new Held(delivery, due));
  }

  /** Takes up to this many whose time has come. */
  List<RabbitDelivery> take(int max, long now) {
    List<RabbitDelivery> due = new ArrayList<>();
    Held first = held.peek();
    while (first != null && due.size() < max && first.due <= now) {
      due.add(first.delivery);
      held.remove();
      first = held.peek();
    }
    return due;
  }

  /** How long until the next one's time, or this if that is sooner. */
  long untilNext(long now, long atMost) {
    Held first = held.peek();
    return first == null ? atMost : Math.max(0, Math.min(atMost, first.due - now));
  }

  /** Drops those of lanes that are no longer ours. */
  void forget(Set<Integer> lanes) {
    held.removeIf(each -> lanes.contains(each.delivery.lane()));
  }

  void clear() {
    held.clear();
  }
}
