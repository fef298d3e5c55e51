// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is left for a group as one of its members sees it: what the broker said at one moment,
 * together with what the member held in memory then. Immutable.
 *
 * @param messages how many the group has not acknowledged, in all lanes; empty if that is not known
 * @param lanes the same by lane: every lane where the broker counts by lane, else those of which
 *     the member holds messages; empty if nothing is known
 * @param quality what the number is worth; {@link Quality#UNKNOWN} if there is none
 * @param age how old the oldest is, as far as is known: where the broker tells, since it stored it;
 *     else since the id of the oldest in this member's memory was made, which says nothing of the
 *     lanes of others
 * @param held how many messages this member held in memory, not settled
 * @param at when the broker was asked; empty if it was not asked yet
 * @param trouble why nothing is known; empty if something is
 */
public record BacklogView(
    OptionalLong messages,
    Map<Integer, Lane> lanes,
    Quality quality,
    Optional<Duration> age,
    int held,
    Optional<Instant> at,
    String trouble) {

  /**
   * One lane.
   *
   * @param messages how many the group has not acknowledged
   * @param quality what that is worth: where the broker does not count by lane, it is what this
   *     member holds, and so {@link Quality#AT_LEAST}
   * @param age how old the oldest in this member's memory is, if its id tells and any is there
   * @param held how many of them this member held in memory
   */
  public record Lane(long messages, Quality quality, Optional<Duration> age, int held) {}

  /** Keeps the lanes in order. */
  public BacklogView {
    lanes = Collections.unmodifiableMap(new TreeMap<>(lanes));
  }

  /** Nothing is known, for this reason. */
  public static BacklogView unknown(String trouble, int held, Optional<Instant> at) {
    return new BacklogView(
        OptionalLong.empty(), Map.of(), Quality.UNKNOWN, Optional.empty(), held, at, trouble);
  }

  /**
   * What the broker said, with what was held when it was asked. What is with members is added where
   * the broker leaves it out, as far as this member has it; elsewhere it is in the broker's number.
   */
  public static BacklogView joined(Backlog told, Map<Integer, HeldLane> held, Instant now) {
    boolean leavesOut = told.quality() == Quality.AT_LEAST;
    int all = held.values().stream().mapToInt(HeldLane::messages).sum();
    Map<Integer, Lane> lanes = new TreeMap<>();
    told.lanes()
        .forEach(
            (lane, left) -> {
              HeldLane ours = held.getOrDefault(lane, HeldLane.NOTHING);
              long messages = leavesOut ? left + ours.messages() : left;
              lanes.put(lane, new Lane(messages, told.quality(), ours.age(now), ours.messages()));
            });
    held.forEach((lane, ours) -> lanes.computeIfAbsent(lane, fresh -> ofHeld(ours, now)));
    return new BacklogView(
        OptionalLong.of(leavesOut ? told.messages() + all : told.messages()),
        lanes,
        told.quality(),
        told.age().or(() -> oldest(held, now)),
        all,
        Optional.of(now),
        "");
  }

  private static Lane ofHeld(HeldLane ours, Instant now) {
    return new Lane(ours.messages(), Quality.AT_LEAST, ours.age(now), ours.messages());
  }

  private static Optional<Duration> oldest(Map<Integer, HeldLane> held, Instant now) {
    return held.values().stream()
        .flatMap(lane -> lane.age(now).stream())
        .max(Comparator.naturalOrder());
  }

  /** Whether there is a number. */
  public boolean isKnown() {
    return messages.isPresent();
  }
}
