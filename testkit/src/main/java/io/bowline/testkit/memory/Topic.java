// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Outgoing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** A topic: its lanes, and the groups that read them. Guarded by the broker's lock. */
final class Topic {
  final List<LaneLog> lanes = new ArrayList<>();
  final Map<String, Group> groups = new LinkedHashMap<>();

  Topic(int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      this.lanes.add(new LaneLog());
    }
  }

  /** The group, made if need be; a new one starts with the oldest message kept. */
  Group group(String name) {
    return groups.computeIfAbsent(name, fresh -> new Group(lanes));
  }

  /** Stores a message and returns its offset; empty if the lane is full. */
  OptionalLong store(Outgoing message) {
    int lane = message.lane();
    LaneLog log = lanes.get(lane);
    boolean room =
        log.makeRoom(
            InMemoryBroker.LANE_CAPACITY,
            oldest -> groups.values().stream().anyMatch(g -> g.lanes.get(lane).holds(oldest)));
    if (!room) {
      return OptionalLong.empty();
    }
    StoredMessage stored = log.append(message);
    groups.values().forEach(group -> group.lanes.get(lane).add(stored));
    return OptionalLong.of(stored.offset());
  }

  /** Loses the messages that match: no group will ever see them. */
  int lose(Predicate<Outgoing> which) {
    int lost = 0;
    for (int lane = 0; lane < lanes.size(); lane++) {
      for (long offset : lanes.get(lane).remove(which)) {
        for (Group group : groups.values()) {
          group.lanes.get(lane).forget(offset);
        }
        lost++;
      }
    }
    return lost;
  }
}
