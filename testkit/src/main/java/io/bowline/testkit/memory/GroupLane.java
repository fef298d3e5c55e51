// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one group has yet to accept of one lane, and which member holds the lane. */
final class GroupLane {
  final int number;
  @Nullable Membership owner;
  private final TreeMap<Long, Pending> pending = new TreeMap<>();

  /** A message that the group has not accepted. */
  static final class Pending {
    final StoredMessage stored;
    int attempts;
    long notBefore = System.nanoTime();
    @Nullable Membership holder;

    Pending(StoredMessage stored) {
      this.stored = stored;
    }
  }

  GroupLane(int number) {
    this.number = number;
  }

  void add(StoredMessage message) {
    pending.put(message.offset(), new Pending(message));
  }

  boolean holds(long offset) {
    return pending.containsKey(offset);
  }

  void forget(long offset) {
    pending.remove(offset);
  }

  int size() {
    return pending.size();
  }

  /** When the oldest was stored. */
  OptionalLong oldestSince() {
    return pending.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(pending.firstEntry().getValue().stored.since());
  }

  /** Hands out what is due, oldest first, up to a total of {@code max} in the list. */
  void take(Membership member, int max, List<MemoryDelivery> into) {
    long now = System.nanoTime();
    for (Pending next : pending.values()) {
      if (into.size() >= max) {
        return;
      }
      if (next.holder == null && next.notBefore - now <= 0) {
        next.holder = member;
        next.attempts++;
        into.add(new MemoryDelivery(next.stored, next.attempts, member));
      }
    }
  }

  /** Whether the member still holds this very delivery. */
  boolean owns(MemoryDelivery delivery) {
    Pending held = pending.get(delivery.offset());
    return held != null
        && held.holder == delivery.member()
        && held.attempts == delivery.attempt()
        && owner == delivery.member();
  }

  /** Puts a delivery back, to come again not before this many nanoseconds from now. */
  void putBack(MemoryDelivery delivery, long delayNanos) {
    Pending held = pending.get(delivery.offset());
    if (held != null) {
      held.holder = null;
      held.notBefore = System.nanoTime() + delayNanos;
    }
  }

  /** The owner is gone: what it held is free at once. */
  void free() {
    for (Pending held : pending.values()) {
      if (held.holder != null) {
        held.holder = null;
        held.notBefore = System.nanoTime();
      }
    }
    owner = null;
  }
}
