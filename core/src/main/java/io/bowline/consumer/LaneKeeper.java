// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.transport.LaneListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers to lanes coming and going. Confined to the polling thread. */
final class LaneKeeper implements LaneListener {
  private static final Logger log = LoggerFactory.getLogger(LaneKeeper.class);

  private final ConsumerSettings settings;
  private final HeldWork held;
  private final GapKeeper gaps;
  private final Settler settler;
  private final Set<Integer> owned = new HashSet<>();

  /** Acknowledges what handlers finished. */
  interface Settler {
    /** Settles what was finished until none of these lanes has a handler at work, or time is up. */
    void settleUntilIdle(List<LaneWork> lanes, Duration longest);

    /** Where lanes that come and go are counted. */
    ReceiveMeters meters();
  }

  LaneKeeper(ConsumerSettings settings, HeldWork held, GapKeeper gaps, Settler settler) {
    this.settings = settings;
    this.held = held;
    this.gaps = gaps;
    this.settler = settler;
  }

  /** How many lanes are ours. */
  int owned() {
    return owned.size();
  }

  @Override
  public void assigned(Set<Integer> lanes) {
    owned.addAll(lanes);
    gaps.assigned(lanes);
    settler.meters().lanesAssigned(lanes.size());
    log.info("Group {} of {}: lanes {} are ours", settings.group(), settings.topic(), lanes);
  }

  @Override
  public void revoking(Set<Integer> lanes) {
    owned.removeAll(lanes);
    List<LaneWork> leaving = held.remove(lanes);
    settler.settleUntilIdle(leaving, settings.leaveWithin());
    gaps.forget(lanes);
    settler.meters().lanesRevoked(lanes.size());
    log.info("Group {} of {}: lanes {} are given away", settings.group(), settings.topic(), lanes);
  }

  @Override
  public void lost(Set<Integer> lanes) {
    owned.removeAll(lanes);
    held.remove(lanes);
    gaps.forget(lanes);
    settler.meters().lanesLost(lanes.size());
    log.warn(
        "Group {} of {}: lanes {} were lost; what was at work on them will come again",
        settings.group(),
        settings.topic(),
        lanes);
  }
}
