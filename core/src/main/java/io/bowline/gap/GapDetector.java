// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.KeyNumbers;
import io.bowline.gap.Gap.State;
import io.bowline.message.LaneNumber;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Watermark;
import java.time.Duration;
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
  private final LaneKeys laneKeys = new LaneKeys(keys);
  private final KeyGaps keyGaps = new KeyGaps(keys);
  private final Silences silences = new Silences();
  private final OpenGaps open;
  private final Set<Integer> kept = new HashSet<>();
  private final Set<Integer> known = new HashSet<>();
  private final List<LaneTrack> touched = new ArrayList<>();
  private long tracks;

  /** A detector for what one group misses of one topic. */
  public GapDetector(String topic, String group, Duration grace) {
    this.topic = topic;
    this.group = group;
    this.grace = grace.toMillis();
    this.open = new OpenGaps(topic, group, this::touch);
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
      chain = began(number.lane(), stamp.source(), stamp.epoch());
      chain.arrived(number, again, now);
      laneKeys.arrived(message, stamp.number(), number.sequence(), chain);
      return supersedes(chain, number) ? Sight.RESTARTED : Sight.BASELINE;
    }
    Sight sight = chain.arrived(number, again, now);
    laneKeys.arrived(message, stamp.number(), number.sequence(), chain);
    return sight;
  }

  /**
   * A watermark arrived by this lane: what it promises and had not arrived is missing.
   *
   * @param again as for a message
   */
  public void marked(int lane, Watermark mark, boolean again, long now) {
    LaneNumber number = mark.lane();
    if (number.lane() != lane) {
      return; // somebody moved it
    }
    LaneTrack chain = chains.find(lane, mark.source(), mark.epoch());
    if (chain == null) {
      chain = began(lane, mark.source(), mark.epoch());
      boolean unused = supersedes(chain, number);
    }
    chain.marked(number, again, now);
    silences.marked(chain, mark.withinMillis(), mark.last());
    touch(chain);
  }

  /**
   * A message that had arrived is done, though its lane was restored since: it is not missing, and
   * what it promises is of no matter, as others may have that at work.
   */
  public void arrivedEarlier(int lane, Received message, long now) {
    LaneNumber number = number(message);
    Stamp stamp = message.stamp().orElse(null);
    if (number != null && stamp != null && number.lane() == lane) {
      LaneTrack chain = chains.find(lane, stamp.source(), stamp.epoch());
      chain = chain == null ? began(lane, stamp.source(), stamp.epoch()) : chain;
      Sight unused = chain.arrived(number.promisingNothing(), true, now);
    }
  }

  private LaneTrack began(int lane, String source, long epoch) {
    LaneTrack chain = track(lane, source, epoch);
    if (kept.contains(lane)) {
      chain.keepCompleted();
    }
    if (known.contains(lane)) {
      chain.sureAtOnce();
    }
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
    return new LaneTrack(new LaneTrack.Of(lane, source, epoch), ++tracks, open);
  }

  /** What is to be told now: gaps, each once, and changes of those that were told. */
  public List<Gap> due(long now) {
    open.look(now - grace);
    if (!keyGaps.isEmpty()) {
      keyGaps.due(
          now - grace,
          (id, range) -> {
            KeyNumbers missing = new KeyNumbers(id.key(), range.from(), range.to());
            Gap.Chain chain = new Gap.Chain(topic, group, id.source(), id.epoch(), id.lane());
            open.tell(new Gap(chain, 0, 0, List.of(missing), range.since(), State.GAP));
          });
    }
    return open.takeNews();
  }

  /**
   * Chains of which nothing came for longer than their producers said, each once. To be asked only
   * where everything that had come to the broker by now has arrived.
   */
  public List<Silence> silent(long now) {
    return silences.due(now, this::name);
  }

  private Gap.Chain name(LaneTrack chain) {
    return new Gap.Chain(topic, group, chain.source, chain.epoch, chain.lane);
  }

  /** What is missing now: suspected and told. */
  /** What is missing now: gaps before what is suspected, and those of long ago first. */
  public List<Gap> open() {
    return open.all();
  }

  /** Another number whenever what is {@linkplain #open open} may be different. */
  public long changes() {
    return open.changes();
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
    open.forget(gone);
    silences.removeIf(chain -> gone.contains(chain.lane));
    keyGaps.forget(gone);
    kept.removeAll(gone);
    known.removeAll(gone);
    touched.removeIf(chain -> gone.contains(chain.lane));
  }

  /**
   * A lane is held from now on whose state is kept; this is what was saved of it. If that is
   * something, a chain that is not in it is new. The grace of what is missing begins anew: what
   * another member held may have to come again first.
   */
  public void restore(int lane, List<ChainState> saved, long now) {
    restore(lane, saved, now, false);
  }

  /**
   * The same where a lane goes from member to member in turns, with nothing under way: the grace of
   * what is missing goes on.
   */
  public void restoreInTurn(int lane, List<ChainState> saved, long now) {
    restore(lane, saved, now, true);
  }

  private void restore(int lane, List<ChainState> saved, long now, boolean inTurn) {
    kept.add(lane);
    if (!saved.isEmpty()) {
      known.add(lane);
    }
    for (ChainState state : saved) {
      LaneTrack chain = track(lane, state.source(), state.epoch());
      chain.restore(state, now, inTurn);
      chain.lastSeen = now;
      chains.add(chain);
    }
  }

  /**
   * A message was processed, or its dead letter confirmed: before it is acknowledged.
   *
   * @param setAside whether it was not processed
   */
  public void completed(int lane, Received message, boolean setAside) {
    LaneTrack chain = chain(lane, message);
    LaneNumber number = chain == null ? null : number(message);
    if (chain != null && number != null) {
      chain.completed(number.sequence(), setAside);
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
