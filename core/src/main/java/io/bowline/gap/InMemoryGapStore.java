// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the state of chains in the memory of this process: for tests, and for groups all of whose
 * members live in it. What it holds ends with the process. Thread-safe.
 */
public final class InMemoryGapStore implements GapStore {
  /** How many chains of a lane are kept; the one saved longest ago is forgotten first. */
  public static final int MAX_CHAINS_OF_LANE = 1_000;

  private final Map<GroupLane, Kept> lanes = new HashMap<>();

  private record ChainId(String source, long epoch) {}

  private static final class Kept {
    final Map<ChainId, ChainState> chains = new LinkedHashMap<>();
    long claim;
  }

  /** An empty store. */
  public InMemoryGapStore() {}

  @Override
  public synchronized Claim claim(GroupLane lane) {
    Kept kept = lanes.computeIfAbsent(lane, fresh -> new Kept());
    return new Claim(lane, ++kept.claim, List.copyOf(kept.chains.values()));
  }

  @Override
  public synchronized Map<Integer, List<ChainState>> read(String topic, String group) {
    Map<Integer, List<ChainState>> saved = new HashMap<>();
    lanes.forEach(
        (lane, kept) -> {
          if (lane.topic().equals(topic) && lane.group().equals(group) && !kept.chains.isEmpty()) {
            saved.put(lane.lane(), List.copyOf(kept.chains.values()));
          }
        });
    return saved;
  }

  @Override
  public synchronized boolean save(Claim claim, List<ChainState> changed) {
    Kept kept = lanes.get(claim.lane());
    if (kept == null || kept.claim != claim.number()) {
      return false;
    }
    for (ChainState chain : changed) {
      ChainId id = new ChainId(chain.source(), chain.epoch());
      kept.chains.remove(id); // it goes to the end
      kept.chains.put(id, chain);
    }
    Iterator<ChainState> oldestFirst = kept.chains.values().iterator();
    while (kept.chains.size() > MAX_CHAINS_OF_LANE) {
      oldestFirst.next();
      oldestFirst.remove();
    }
    return true;
  }
}
