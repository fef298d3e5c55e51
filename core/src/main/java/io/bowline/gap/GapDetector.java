// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices missing numbers of lanes in what one group receives of one topic, and names them after a
 * grace in which they may still come late. Only numbers are missed of which a later message says
 * that they were stored ahead of it; so no retry of a producer, however long it takes, raises an
 * alarm. Pure: time comes in from outside, as milliseconds since 1970. Confined to one thread.
 *
 * <p>What is known belongs to a lane while it is held. The first message of a chain after a lane
 * was assigned is a baseline, before which nothing is asked for, unless its state was {@linkplain
 * #restore restored}.
 */
public final class GapDetector {
  /** How long a promised number may come late before it is a gap: 5 s. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

  private final String topic;
  private final String group;
  private final long grace;
  private final ChainTable chains = new ChainTable();
  private final KeyTable keys = new KeyTable();
  private final KeyGaps keyGaps = new KeyGaps(keys);
  private final Set<LaneTrack> suspicious = new HashSet<>();
  private final Told told = new Told();
  private final Set<Integer> kept = new HashSet<>();
  private final Set<Integer> known = new HashSet<>();
  private List<Gap> news = new ArrayList<>();
  private final List<LaneTrack> touched = new ArrayList<>();
  private long tracks;

  /** Hears of its chains. */
  private final class Told implements LaneTrack.Tidings {
    @Override
    public void tell(LaneTrack chain, Missing range, State state) {
      news.add(gap(chain, range, state));
      touch(chain);
    }

    @Override
    public void suspects(LaneTrack chain) {
      suspicious.add(chain);
    }
  }

  /** A detector for what one group misses of one topic. */
  public GapDetector(String topic, String group, Duration grace) {
    this.topic = topic;
    this.group = group;
    this.grace = grace.toMillis();
  }

  /**
   * A message arrived by this lane; what it is among the lane's numbers.
   *
   * @param again whether the broker says that it was delivered before, to this member or another
   */
  public Sight arrived(int lane, Received message, boolean again, long now) {
    Stamp stamp = message.stamp().orElse(null);
    if (stamp == null) {
      return Sight.UNNUMBERED;
    }
    LaneNumber number = stamp.lane();
    if (number == null) {
      keyGaps.arrived(lane, message, stamp, now);
      return Sight.UNNUMBERED;
    }
    if (number.lane() != lane) {
      return Sight.OTHER_LANE;
    }
    LaneTrack chain = chains.find(number.lane(), stamp.source(), stamp.epoch());
    if (chain == null) {
      chain = began(stamp, number, again, now);
      numbered(message, stamp.number(), number.sequence(), chain);
      return supersedes(chain, number) ? Sight.RESTARTED : Sight.BASELINE;
    }
    Sight sight = chain.arrived(number, again, now);
    numbered(message, stamp.number(), number.sequence(), chain);
    return sight;
  }

  private LaneTrack began(Stamp stamp, LaneNumber number, boolean again, long now) {
    LaneTrack chain = track(number.lane(), stamp.source(), stamp.epoch());
    if (kept.contains(number.lane())) {
      chain.keepCompleted();
    }
    if (known.contains(number.lane())) {
      chain.sureAtOnce();
    }
    chain.arrived(number, again, now);
    chains.add(chain);
    return chain;
  }

  private boolean supersedes(LaneTrack chain, LaneNumber number) {
    long before = number.previousEpoch();
    LaneTrack previous =
        before == LaneNumber.NOT_KNOWN ? null : chains.find(chain.lane, chain.source, before);
    if (previous != null) {
      previous.superseded = true;
    }
    return previous != null;
  }

  private LaneTrack track(int lane, String source, long epoch) {
    return new LaneTrack(new LaneTrack.Of(lane, source, epoch), ++tracks, told);
  }

  /** Keeps the key's last number, to name the key if numbers are skipped. */
  private void numbered(
      Received message, @Nullable KeyNumber number, long inLane, LaneTrack chain) {
    String key = message.key().orElse(null);
    if (key == null || number == null) {
      return;
    }
    long hash = KeyTable.hash(key, chain.salt);
    long sequence = number.sequence();
    if (!keys.find(hash)) {
      keys.add(hash, sequence, inLane);
      return;
    }
    long last = keys.sequence(sequence);
    if (sequence <= last) {
      return; // late, or a duplicate
    }
    if (sequence > last + 1 && !number.first() && chain.misses()) {
      long to = number.voided() > 0 ? number.firstVoided() - 1 : sequence - 1;
      if (to > last) {
        chain.name(keys.laneSequence(inLane), inLane, new KeyNumbers(key, last + 1, to));
      }
    }
    keys.update(sequence, inLane);
  }

  /** What is to be told now: gaps, each once, and changes of those that were told. */
  public List<Gap> due(long now) {
    if (!suspicious.isEmpty()) {
      look(now);
    }
    if (!keyGaps.isEmpty()) {
      keyGaps.due(
          now - grace,
          (id, range) -> {
            KeyNumbers missing = new KeyNumbers(id.key(), range.from(), range.to());
            Gap.Chain chain = new Gap.Chain(topic, group, id.source(), id.epoch(), id.lane());
            news.add(new Gap(chain, 0, 0, List.of(missing), range.since(), State.GAP));
          });
    }
    if (news.isEmpty()) {
      return List.of();
    }
    List<Gap> due = List.copyOf(news);
    news = new ArrayList<>();
    return due;
  }

  private void look(long now) {
    suspicious.removeIf(chain -> !chain.due(now - grace));
  }

  private Gap gap(LaneTrack chain, Missing range, State state) {
    return new Gap(
        new Gap.Chain(topic, group, chain.source, chain.epoch, chain.lane),
        range.from(),
        range.to(),
        range.keys(),
        Instant.ofEpochMilli(range.since()),
        state);
  }

  /** What is missing now: suspected and told. */
  public List<Gap> open() {
    List<Gap> open = new ArrayList<>();
    for (LaneTrack chain : chains.all()) {
      for (Missing range : chain.missing()) {
        open.add(gap(chain, range, range.told() ? State.GAP : State.SUSPECT));
      }
    }
    return open;
  }

  /** These numbers are missed no more, since they were repaired or dismissed; whether any was. */
  public boolean explain(Gap gap, State why) {
    LaneTrack chain = chains.find(gap.lane(), gap.source(), gap.epoch());
    return chain != null && chain.explain(gap.from(), gap.to(), why);
  }

  /** These lanes are held no more: what is known of them is forgotten. */
  public void forget(Set<Integer> lanes) {
    Set<Integer> gone = new HashSet<>(lanes);
    chains.removeIf(chain -> gone.contains(chain.lane));
    suspicious.removeIf(chain -> gone.contains(chain.lane));
    keyGaps.forget(gone);
    kept.removeAll(gone);
    known.removeAll(gone);
    touched.removeIf(chain -> gone.contains(chain.lane));
  }

  /**
   * A lane is held from now on whose state is kept; this is what was saved of it. If that is
   * something, a chain that is not in it is new.
   */
  public void restore(int lane, List<ChainState> saved, long now) {
    kept.add(lane);
    if (!saved.isEmpty()) {
      known.add(lane);
    }
    for (ChainState state : saved) {
      LaneTrack chain = track(lane, state.source(), state.epoch());
      chain.restore(state, now);
      chain.lastSeen = now;
      chains.add(chain);
      if (chain.misses()) {
        suspicious.add(chain);
      }
    }
  }

  /** A message was processed, or its dead letter confirmed: before it is acknowledged. */
  public void completed(int lane, Received message) {
    LaneTrack chain = chain(lane, message);
    LaneNumber number = chain == null ? null : number(message);
    if (chain != null && number != null) {
      chain.completed(number.sequence());
      touch(chain);
    }
  }

  private void touch(LaneTrack chain) {
    if (!chain.listed && kept.contains(chain.lane)) {
      chain.listed = true;
      touched.add(chain);
    }
  }

  /** The states of chains that changed since this was last asked, by lane. */
  public Map<Integer, List<ChainState>> takeChanged() {
    if (touched.isEmpty()) {
      return Map.of();
    }
    Map<Integer, List<ChainState>> changed = new HashMap<>();
    for (LaneTrack chain : touched) {
      chain.listed = false;
      ChainState state = chain.unsaved ? chain.state() : null;
      if (state != null) {
        chain.unsaved = false;
        changed.computeIfAbsent(chain.lane, lane -> new ArrayList<>()).add(state);
      }
    }
    touched.clear();
    return changed;
  }

  /** Whether a message was completed before, as far as its lane's state is kept. */
  public boolean isCompleted(int lane, Received message) {
    LaneTrack chain = chain(lane, message);
    LaneNumber number = chain == null ? null : number(message);
    return chain != null && number != null && chain.isCompleted(number.sequence());
  }

  private static @Nullable LaneNumber number(Received message) {
    Stamp stamp = message.stamp().orElse(null);
    return stamp == null ? null : stamp.lane();
  }

  private @Nullable LaneTrack chain(int lane, Received message) {
    Stamp stamp = message.stamp().orElse(null);
    LaneNumber number = number(message);
    return stamp == null || number == null || number.lane() != lane
        ? null
        : chains.find(number.lane(), stamp.source(), stamp.epoch());
  }
}
