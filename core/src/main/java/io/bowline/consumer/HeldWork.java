// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a consumer holds in memory, by lane, and how much more it may take. Confined to the polling
 * thread.
 */
final class HeldWork {
  /** The most that is asked of a subscription at once. */
  private static final int MAX_POLL = 500;

  /** Until bodies were seen they are taken to be as large as this: 1 MiB. */
  private static final int FIRST_GUESS = 1 << 20;

  /** The most that are remembered for {@link #takeLeft}. */
  private static final int MOST_LEFT = 1_000;

  private final int maxMessages;
  private final long maxBytes;
  private final Map<Integer, LaneWork> lanes = new HashMap<>();
  private final List<Work> left = new ArrayList<>();
  private int messages;
  private long bytes;
  private int largest = FIRST_GUESS;

  HeldWork(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  LaneWork lane(int lane) {
    return lanes.computeIfAbsent(lane, LaneWork::new);
  }

  /** The lane as held now; a removed one lets nothing more begin, and counts no more. */
  List<LaneWork> remove(Collection<Integer> gone) {
    List<LaneWork> removed = new ArrayList<>();
    for (Integer lane : List.copyOf(gone)) {
      LaneWork work = lanes.remove(lane);
      if (work != null) {
        work.close();
        letGo(work);
        messages -= work.messages;
        bytes -= work.bytes;
        removed.add(work);
      }
    }
    return removed;
  }

  /** Unlinks all, so that one whose handler hangs keeps no others in memory. */
  private void letGo(LaneWork lane) {
    for (Work work = lane.oldest(); work != null; work = lane.oldest()) {
      lane.remove(work);
      if (work.isAtWork() && left.size() < MOST_LEFT) {
        left.add(work);
      }
    }
  }

  /** Those whose handlers were at work when their lanes were removed, since this was last asked. */
  List<Work> takeLeft() {
    List<Work> taken = List.copyOf(left);
    left.clear();
    return taken;
  }

  /** The lanes as held now. */
  Collection<LaneWork> all() {
    return lanes.values();
  }

  /** Lets nothing more begin on any lane; they still count until they are removed. */
  List<LaneWork> close() {
    lanes.values().forEach(LaneWork::close);
    return List.copyOf(lanes.values());
  }

  Collection<Integer> lanes() {
    return lanes.keySet();
  }

  void arrived(Work work) {
    int size = work.delivery.body().length;
    largest = Math.max(size, largest - largest / 64);
    work.lane.add(work);
    work.lane.messages++;
    work.lane.bytes += size;
    messages++;
    bytes += size;
  }

  void settled(Work work) {
    if (lanes.get(work.lane.lane) == work.lane) {
      int size = work.delivery.body().length;
      work.lane.remove(work);
      work.lane.messages--;
      work.lane.bytes -= size;
      messages--;
      bytes -= size;
    }
  }

  int messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /**
   * How many more to ask for; 0 until a fair share of the bound is free, so that a full consumer
   * asks for runs, not for single messages.
   */
  int room() {
    int free = maxMessages - messages;
    boolean crowded = free < fairShare() || bytes >= maxBytes;
    if (crowded && messages > 0) {
      return 0;
    }
    long byBytes = Math.max(1, (maxBytes - bytes) / Math.max(1, largest));
    return (int) Math.min(Math.min(free, MAX_POLL), byBytes);
  }

  private int fairShare() {
    return Math.max(1, maxMessages / 4);
  }

  /** How many must be settled before there is room; at least 1. */
  int untilRoom() {
    return Math.max(1, fairShare() - (maxMessages - messages));
  }
}
