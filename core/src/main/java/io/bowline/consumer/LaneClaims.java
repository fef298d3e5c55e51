// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which lanes this member may save in the store, and what of them is not saved yet. Confined to the
 * polling thread.
 */
final class LaneClaims {
  private static final Logger log = LoggerFactory.getLogger(LaneClaims.class);

  /** How long a store that failed is left alone: 1 s. */
  private static final long SAVE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final GapStore store;
  private final String topic;
  private final String group;
  private final SteadyClock clock;
  private final Map<Integer, Claim> claims = new HashMap<>();
  private final Map<Integer, List<ChainState>> unsaved = new HashMap<>();
  private final Set<Integer> refused = new HashSet<>();
  private final OncePerMinute warnings = new OncePerMinute();
  private long failedAt;
  private boolean failed;

  LaneClaims(GapStore store, String topic, String group, SteadyClock clock) {
    this.store = store;
    this.topic = topic;
    this.group = group;
    this.clock = clock;
  }

  /** The claim of a lane; null if it was not claimed, or was forgotten. */
  @Nullable Claim of(int lane) {
    return claims.get(lane);
  }

  /** The lanes that are claimed. */
  Set<Integer> lanes() {
    return Set.copyOf(claims.keySet());
  }

  /**
   * Takes a lane over. What was not saved of it is dropped.
   *
   * @throws RuntimeException if the store cannot do so now
   */
  Claim take(int lane) {
    Claim claim = store.claim(new GroupLane(topic, group, lane));
    claims.put(lane, claim);
    unsaved.remove(lane);
    refused.remove(lane);
    return claim;
  }

  /** These states are to be saved. */
  void changed(Map<Integer, List<ChainState>> states) {
    states.forEach((lane, chains) -> unsaved.merge(lane, chains, LaneClaims::newest));
  }

  private static List<ChainState> newest(List<ChainState> earlier, List<ChainState> later) {
    List<ChainState> all = new ArrayList<>(earlier);
    for (ChainState chain : later) {
      all.removeIf(old -> old.epoch() == chain.epoch() && old.source().equals(chain.source()));
    }
    all.addAll(later);
    return all;
  }

  /** Saves all that is not saved; whether nothing is left. */
  boolean save() {
    if (failed && clock.nanos() - failedAt < SAVE_AGAIN_NANOS) {
      return false;
    }
    if (unsaved.isEmpty()) {
      return refused.isEmpty();
    }
    try {
      for (Integer lane : List.copyOf(unsaved.keySet())) {
        if (!save(lane)) {
          refused.add(lane);
        }
      }
      failed = false;
    } catch (RuntimeException failure) {
      failed = true;
      failedAt = clock.nanos();
      if (warnings.allows("store")) {
        log.warn(
            "What group {} of {} has completed cannot be saved: nothing is acknowledged until it"
                + " can, and it is tried again each second. Told at most once a minute",
            group,
            topic,
            failure);
      }
    }
    return !failed && refused.isEmpty();
  }

  /**
   * Saves what is not saved of a lane; false if it was claimed by another member.
   *
   * @throws RuntimeException if the store cannot do so now
   */
  boolean save(Integer lane) {
    Claim claim = claims.get(lane);
    List<ChainState> chains = unsaved.get(lane);
    if (claim == null || chains == null || store.save(claim, chains)) {
      unsaved.remove(lane);
      return true;
    }
    return false;
  }

  /** Whether nobody else has claimed it since; also if the store does not say. */
  boolean isCurrent(int lane) {
    Claim claim = claims.get(lane);
    try {
      return claim == null || store.save(claim, List.of());
    } catch (RuntimeException unknown) {
      log.debug("Whether lane {} of {} is still ours is not known", lane, topic, unknown);
      return true;
    }
  }

  /** A lane that another member has claimed; null if there is none. */
  @Nullable Integer refused() {
    return refused.isEmpty() ? null : refused.iterator().next();
  }

  /** These are held no more. */
  void forget(Set<Integer> lanes) {
    claims.keySet().removeAll(lanes);
    unsaved.keySet().removeAll(lanes);
    refused.removeAll(lanes);
  }
}
