// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.DrainReport.Left;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers what a closing consumer leaves behind; those at work are named first. */
final class LeftBehind {
  private final Map<Integer, Integer> byLane = new HashMap<>();
  private final List<Left> running = new ArrayList<>();
  private final List<Left> waiting = new ArrayList<>();

  LeftBehind(HeldWork held) {
    for (LaneWork lane : held.all()) {
      for (Work work = lane.oldest(); work != null; work = work.next) {
        add(work);
      }
    }
  }

  private void add(Work work) {
    boolean atWork = work.isAtWork();
    byLane.merge(work.lane.lane, 1, Integer::sum);
    List<Left> where = atWork ? running : waiting;
    if (where.size() < DrainReport.MOST_LEFT) {
      String position = work.message.origin().position();
      where.add(new Left(work.message.id(), work.lane.lane, position, atWork));
    }
  }

  Map<Integer, Integer> byLane() {
    return byLane;
  }

  List<Left> named() {
    List<Left> all = new ArrayList<>(running);
    all.addAll(waiting);
    return all.subList(0, Math.min(all.size(), DrainReport.MOST_LEFT));
  }
}
