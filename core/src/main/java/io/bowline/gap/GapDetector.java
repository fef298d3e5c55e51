// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.KeyChain.MissingRange;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices missing key numbers in what arrives, and names them after a grace in which they may still
 * come late. Pure: time comes in from outside. Confined to one thread.
 *
 * <p>State is in memory and belongs to a lane while it is held: the first message of a key after a
 * lane was assigned is a baseline, before which nothing is asked for. So a rebalance or a restart
 * raises no alarm, and what went missing around it is not seen.
 */
public final class GapDetector {
  /** How long a missing number may come late before it is a gap: 5 s. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

  /** How many chains are remembered; the one that was silent longest is forgotten first. */
  public static final int MAX_CHAINS = 100_000;

  private final String topic;
  private final String group;
  private final Duration grace;
  private final Map<ChainId, KeyChain> chains = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ChainId, KeyChain> waiting = new HashMap<>();

  /** Its own equals and hashCode, since those of records cost a tenth of what an arrival does. */
  private record ChainId(int lane, String source, long epoch, String key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ChainId id
          && lane == id.lane
          && epoch == id.epoch
          && key.equals(id.key)
          && source.equals(id.source);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * key.hashCode() + source.hashCode()) + Long.hashCode(epoch)) + lane;
    }
  }

  /** A detector for what one group misses of one topic. */
  public GapDetector(String topic, String group, Duration grace) {
    this.topic = topic;
    this.group = group;
    this.grace = grace;
  }

  /** A message arrived by this lane; one without key or without stamp tells nothing. */
  public void arrived(int lane, Received message, Instant now) {
    Stamp stamp = message.stamp().orElse(null);
    KeyNumber number = stamp == null ? null : stamp.number();
    String key = message.key().orElse(null);
    if (stamp == null || number == null || key == null) {
      return;
    }
    ChainId id = new ChainId(lane, stamp.source(), stamp.epoch(), key);
    KeyChain chain = chains.get(id);
    if (chain == null) {
      chain = waiting.get(id); // forgotten, but what it misses is not told yet
      remember(id, chain == null ? new KeyChain(number) : chain);
    }
    if (chain == null) {
      return;
    }
    chain.arrived(number, now);
    if (chain.waiting()) {
      waiting.put(id, chain);
    }
  }

  private void remember(ChainId id, KeyChain chain) {
    chains.put(id, chain);
    if (chains.size() > MAX_CHAINS) {
      ChainId oldest = chains.keySet().iterator().next();
      chains.remove(oldest);
    }
  }

  /** The gaps to be told now; each is told once. */
  public List<Gap> due(Instant now) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Gap> gaps = new ArrayList<>();
    waiting.forEach(
        (id, chain) -> chain.due(now.minus(grace)).forEach(range -> gaps.add(gap(id, range))));
    waiting.values().removeIf(chain -> !chain.waiting());
    return gaps;
  }

  /** These lanes are held no more: what is known of them is forgotten. */
  public void forget(Set<Integer> lanes) {
    Set<Integer> gone = new HashSet<>(lanes);
    chains.keySet().removeIf(id -> gone.contains(id.lane));
    waiting.keySet().removeIf(id -> gone.contains(id.lane));
  }

  private Gap gap(ChainId id, MissingRange range) {
    return new Gap(
        topic, group, id.source, id.epoch, id.key, range.from(), range.to(), range.since());
  }
}
