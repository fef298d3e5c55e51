// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The chains that are known, found without an object for the question. Bounded. Pure. */
final class ChainTable {
  /** The most chains; the ones that were silent longest are forgotten first, a tenth at a time. */
  static final int MAX_CHAINS = 10_000;

  private @Nullable LaneTrack[] places = new LaneTrack[64];
  private int size;

  @Nullable LaneTrack find(int lane, String source, long epoch) {
    int mask = places.length - 1;
    int at = hash(lane, source, epoch) & mask;
    for (LaneTrack chain = places[at]; chain != null; chain = places[at]) {
      if (chain.epoch == epoch && chain.lane == lane && chain.source.equals(source)) {
        return chain;
      }
      at = (at + 1) & mask;
    }
    return null;
  }

  private static int hash(int lane, String source, long epoch) {
    long hash = (epoch * 31 + lane) * 0x9E3779B97F4A7C15L + source.hashCode();
    return (int) ((hash * 0xD6E8FEB86659FD93L) >>> 32);
  }

  /** Adds one that was not found. */
  void add(LaneTrack chain) {
    if (size >= MAX_CHAINS) {
      forgetSilent();
    }
    if (2 * (size + 1) > places.length) {
      rebuild(all(), places.length * 2);
    }
    put(chain);
  }

  private void put(LaneTrack chain) {
    int mask = places.length - 1;
    int at = hash(chain.lane, chain.source, chain.epoch) & mask;
    while (places[at] != null) {
      at = (at + 1) & mask;
    }
    places[at] = chain;
    size++;
  }

  /** Those that miss nothing go before those that do. */
  private void forgetSilent() {
    List<LaneTrack> all = all();
    all.sort(
        Comparator.comparing(LaneTrack::misses).thenComparingLong((LaneTrack one) -> one.lastSeen));
    rebuild(all.subList(MAX_CHAINS / 10, all.size()), places.length);
  }

  void removeIf(Predicate<LaneTrack> gone) {
    List<LaneTrack> kept = all();
    if (kept.removeIf(gone)) {
      rebuild(kept, places.length);
    }
  }

  private void rebuild(List<LaneTrack> chains, int length) {
    places = new LaneTrack[length];
    size = 0;
    chains.forEach(this::put);
  }

  List<LaneTrack> all() {
    List<LaneTrack> all = new ArrayList<>(size);
    for (LaneTrack chain : places) {
      if (chain != null) {
        all.add(chain);
      }
    }
    return all;
  }
}
