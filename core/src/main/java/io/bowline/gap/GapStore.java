// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import java.util.List;
import java.util.Map;

/**
 * Keeps what a group has completed of its chains, so that a loss around a restart or a rebalance is
 * seen too. A lane's state is saved before its messages are acknowledged: it may be ahead of the
 * broker's position, which is harmless, and never behind it, which would raise false alarms. So
 * every member of the group uses the same store, from its first day on. Thread-safe. Called on the
 * polling thread: each method returns within seconds, or throws.
 */
public interface GapStore {

  /**
   * Takes a lane over: from now on nobody saves it with an earlier claim.
   *
   * @return what was saved last, under a claim above all earlier ones
   * @throws RuntimeException if that is not possible now: the lane is asked for again
   */
  Claim claim(GroupLane lane);

  /**
   * Saves chains of a claimed lane, all of them or none; chains that are not named stay as they
   * are. With none it saves nothing, and tells whether the claim still holds.
   *
   * @return false, and nothing is saved, if the lane was claimed again meanwhile: it belongs to
   *     another member
   * @throws RuntimeException if that is not possible now: it is tried again, and nothing is
   *     acknowledged before
   */
  boolean save(Claim claim, List<ChainState> changed);

  /**
   * What is saved of a topic for a group, by lane, whoever holds the lanes; claims nothing. For
   * reports: by any thread, and seldom.
   *
   * @throws RuntimeException if that is not possible now
   */
  Map<Integer, List<ChainState>> read(String topic, String group);

  /**
   * A lane as one group reads it.
   *
   * @param topic the topic
   * @param group the group
   * @param lane the lane
   */
  record GroupLane(String topic, String group, int lane) {}

  /**
   * The right to save a lane's state, by the object that gave it.
   *
   * @param lane the lane
   * @param number above that of each earlier claim of the lane
   * @param chains what was saved when it was claimed
   */
  record Claim(GroupLane lane, long number, List<ChainState> chains) {
    /** Makes the list unmodifiable. */
    public Claim {
      chains = List.copyOf(chains);
    }
  }
}
