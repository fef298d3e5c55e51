// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.HeldLane;
import io.bowline.backlog.WorkSum;
import java.util.HashMap;
import java.util.Map;

/**
 * What is in memory by lane, and how busy the handlers are, as the polling thread sees it now and
 * then. Told by that thread, read by any.
 */
final class BacklogSigns {
  /** No more messages are looked at for their keys, so that a look stays short. */
  private static final int MOST_LOOKED = 10_000;

  private final boolean counts;
  private volatile Seen seen = new Seen(Map.of(), 0, 0, WorkSum.ZERO);
  private long settledBefore;

  /**
   * One look.
   *
   * @param lanes what is held, by lane
   * @param owned how many lanes are this member's alone; 0 if it does not know
   * @param acknowledged how many messages were acknowledged since the beginning
   */
  record Seen(Map<Integer, HeldLane> lanes, int owned, long acknowledged, WorkSum work) {
    int held() {
      return lanes.values().stream().mapToInt(HeldLane::messages).sum();
    }
  }

  /**
   * @param counts whether anybody wants to know how busy handlers and keys are
   */
  BacklogSigns(boolean counts) {
    this.counts = counts;
  }

  /** Looks through what is held now, with the number that this loop has settled. */
  void look(HeldWork held, int owned, long settled) {
    Map<Integer, HeldLane> lanes = new HashMap<>();
    for (LaneWork lane : held.all()) {
      lanes.put(lane.lane, new HeldLane(lane.messages, HeldAge.bornAt(lane.oldest())));
    }
    Seen last = seen;
    long fresh = settled < settledBefore ? settled : settled - settledBefore;
    settledBefore = settled;
    WorkSum work = counts ? counted(held, last.work) : last.work;
    seen = new Seen(lanes, owned, last.acknowledged + fresh, work);
  }

  private static WorkSum counted(HeldWork held, WorkSum before) {
    Map<String, Integer> keys = new HashMap<>();
    int atWork = 0;
    int looked = 0;
    int unkeyed = 0;
    int most = 0;
    for (LaneWork lane : held.all()) {
      atWork += lane.running();
      for (Work work = lane.oldest(); work != null && looked < MOST_LOOKED; work = work.next) {
        looked++;
        String key = work.delivery.key();
        if (key == null) {
          unkeyed++;
        } else {
          most = Math.max(most, keys.merge(key, 1, Integer::sum));
        }
      }
    }
    return before.plus(atWork, keys.size() + unkeyed, looked, most);
  }

  /** The last look. */
  Seen seen() {
    return seen;
  }
}
