// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.List;
import java.util.Map;

/**
 * What a consumer did, and what it left behind when it closed.
 *
 * @param settled how many messages were acknowledged since its start: processed, or dead-lettered
 * @param returned how many had arrived but were not begun or not finished, or belonged to lanes
 *     that went away meanwhile: they come again, to another member or the next start
 * @param stillRunning how many handlers were still at work when the time was over, and were
 *     interrupted; their messages are among the returned
 * @param returnedByLane those of the returned that were in memory to the end, by their lane
 * @param left these by name, first those whose handlers were still at work; the first {@value
 *     #MOST_LEFT} of them
 */
public record DrainReport(
    long settled,
    int returned,
    int stillRunning,
    Map<Integer, Integer> returnedByLane,
    List<Left> left) {
  /** The most messages that are named: 100. */
  public static final int MOST_LEFT = 100;

  /**
   * A message that was left behind.
   *
   * @param id its id
   * @param lane the lane it came by
   * @param position the broker's name for its place in the lane
   * @param running whether its handler was still at work
   */
  public record Left(String id, int lane, String position, boolean running) {}

  /** Keeps copies. */
  public DrainReport {
    returnedByLane = Map.copyOf(returnedByLane);
    left = List.copyOf(left);
  }

  /** Where nothing was left. */
  static DrainReport clean(long settled) {
    return new DrainReport(settled, 0, 0, Map.of(), List.of());
  }

  /** The same after so many were acknowledged before. */
  DrainReport after(long earlier) {
    return new DrainReport(earlier + settled, returned, stillRunning, returnedByLane, left);
  }
}
