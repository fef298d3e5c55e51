// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The members of a group and the lanes among them: lane {@code i} belongs to member {@code i mod
 * members}, in the order of their joining. A lane leaves a living member only in its own poll.
 */
final class Group {
  final List<GroupLane> lanes = new ArrayList<>();
  private final List<Membership> members = new ArrayList<>();

  Group(List<LaneLog> logs) {
    for (int lane = 0; lane < logs.size(); lane++) {
      GroupLane fresh = new GroupLane(lane);
      logs.get(lane).forEach(fresh::add);
      lanes.add(fresh);
    }
  }

  void join(Membership member) {
    members.add(member);
    share();
  }

  /** Drops members as if they had crashed; what they held is free at once. */
  void drop(Predicate<Membership> which) {
    for (Membership member : List.copyOf(members)) {
      if (which.test(member)) {
        member.gone = true;
        members.remove(member);
        lanes.stream().filter(lane -> lane.owner == member).forEach(GroupLane::free);
      }
    }
    share();
  }

  Set<Integer> lanesOf(Membership member) {
    Set<Integer> held = new TreeSet<>();
    lanes.stream().filter(lane -> lane.owner == member).forEach(lane -> held.add(lane.number));
    return held;
  }

  /** The lanes that a member holds and another member should hold. */
  Set<Integer> toGiveUp(Membership member) {
    Set<Integer> leaving = lanesOf(member);
    leaving.removeIf(lane -> members.get(lane % members.size()) == member);
    return leaving;
  }

  void giveUp(Membership member, Set<Integer> leaving) {
    for (int lane : leaving) {
      if (lanes.get(lane).owner == member) {
        lanes.get(lane).free();
      }
    }
    share();
  }

  /** What its lanes hold. */
  Backlog backlog(String topic, String group) {
    Map<Integer, Long> left = new TreeMap<>();
    lanes.forEach(lane -> left.put(lane.number, (long) lane.size()));
    Backlog all = Backlog.ofLanes(topic, group, left, Quality.EXACT);
    long now = System.nanoTime();
    return lanes.stream()
        .flatMapToLong(lane -> lane.oldestSince().stream())
        .map(since -> now - since)
        .max()
        .stream()
        .mapToObj(Duration::ofNanos)
        .map(all::age)
        .findFirst()
        .orElse(all);
  }

  private void share() {
    if (members.isEmpty()) {
      return;
    }
    for (GroupLane lane : lanes) {
      if (lane.owner == null) {
        lane.owner = members.get(lane.number % members.size());
      }
    }
  }
}
