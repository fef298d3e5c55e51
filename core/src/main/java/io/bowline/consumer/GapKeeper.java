// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.BodyCheck;
import io.bowline.gap.ChainState;
import io.bowline.gap.Gap;
import io.bowline.gap.GapDetector;
import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.gap.Sight;
import io.bowline.message.Received;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Delivery;
import io.bowline.transport.OncePerMinute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subscription sees of numbers and digests: hands arrivals to the detector, tells what it
 * finds, and has what was completed saved before it is acknowledged. Confined to the polling
 * thread.
 */
final class GapKeeper {
  private static final Logger log = LoggerFactory.getLogger(GapKeeper.class);

  /** How long a store that failed is left alone: 1 s. */
  private static final long SAVE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final ConsumerSettings settings;
  private final HandlerThreads threads;
  private final SteadyClock clock;
  private final GapDetector detector;
  private final BodyCheck bodies;
  private final @Nullable GapStore store;
  private final Map<Integer, Claim> claims = new HashMap<>();
  private final Map<Integer, List<ChainState>> unsaved = new HashMap<>();
  private final OncePerMinute warnings = new OncePerMinute();
  private List<Work> completed = new ArrayList<>();
  private boolean looks;
  private boolean keeps;
  private long now;
  private long failedAt;
  private boolean failed;

  /** A lane whose claim is over, until the broker says that it is not ours. */
  private @Nullable Integer refused;

  GapKeeper(ConsumerSettings settings, HandlerThreads threads, SteadyClock clock) {
    this.settings = settings;
    this.threads = threads;
    this.clock = clock;
    this.store = settings.gaps().store();
    this.bodies = new BodyCheck(settings.topic());
    this.detector = new GapDetector(settings.topic(), settings.group(), settings.gaps().grace());
  }

  /** Whether lanes come whole to this member: if not, nothing is looked for, nor kept. */
  void begin(boolean holdsLanesAlone) {
    looks = holdsLanesAlone;
    keeps = looks && store != null;
    if (!looks && (settings.gaps().listener() != null || store != null)) {
      log.warn(
          "Group {} of {}: gaps are NOT looked for, since this broker shares a lane among members"
              + " without telling them, and numbers that another member received would look"
              + " missing",
          settings.group(),
          settings.topic());
    }
  }

  /** Whether what is completed is saved before it is acknowledged. */
  boolean keeps() {
    return keeps;
  }

  /** Some messages arrive now. */
  void arriving() {
    now = clock.millis();
  }

  void arrived(Delivery delivery, Received message) {
    check(message);
    if (!looks) {
      return;
    }
    if (keeps) {
      claimed(delivery.lane());
    }
    Sight sight = detector.arrived(delivery.lane(), message, delivery.attempt() > 1, now);
    if (sight == Sight.ZOMBIE && warnings.allows("zombie")) {
      log.warn(
          "{} is new, and comes from a producer whose successor has sent already: that one should"
              + " have ended. Told at most once a minute",
          message);
    } else if (sight == Sight.OTHER_LANE && warnings.allows("lane")) {
      log.warn(
          "{} came by another lane than its producer chose, so that its number cannot be looked at:"
              + " somebody moved it. Told at most once a minute",
          message);
    }
  }

  private void check(Received message) {
    switch (bodies.look(message)) {
      case CHANGED -> {
        if (warnings.allows("changed")) {
          log.warn(
              "{} does not fit its digest: its body was changed on the way, or it was sent to"
                  + " another topic. It is delivered as it is. Told at most once a minute",
              message);
        }
      }
      case OTHER_TOPIC -> {
        if (warnings.allows("topic")) {
          log.warn(
              "{} was sent to another topic, like one before it: somebody copies messages here. It"
                  + " is delivered as it is. Told at most once a minute",
              message);
        }
      }
      case AS_SENT, NOT_TOLD -> {}
    }
  }

  private void claimed(int lane) {
    GapStore keeping = store;
    if (keeping != null && !claims.containsKey(lane)) {
      GroupLane place = new GroupLane(settings.topic(), settings.group(), lane);
      Claim claim = keeping.claim(place);
      claims.put(lane, claim);
      detector.restore(lane, claim.chains(), now);
    }
  }

  /**
   * Tells of gaps, and of changes of those that were told.
   *
   * @throws IllegalStateException if another member has claimed a lane that is still ours by what
   *     the broker says: the group is to be joined anew
   */
  void tell() {
    if (refused != null) {
      throw new IllegalStateException(
          "Lane "
              + refused
              + " of "
              + settings.topic()
              + " was claimed by another member of group "
              + settings.group()
              + " while this one held it: nothing more of it is acknowledged here");
    }
    for (Gap gap : detector.due(clock.millis())) {
      tell(gap);
    }
  }

  private void tell(Gap gap) {
    boolean named = gap.state() == Gap.State.GAP;
    if (named) {
      log.warn("Missing numbers: {}", gap);
    } else {
      log.info("Missing no more: {}", gap);
    }
    GapListener listener = settings.gaps().listener();
    if (listener != null) {
      threads.execute(() -> tell(listener, gap));
    }
  }

  private static void tell(GapListener listener, Gap gap) {
    try {
      if (gap.state() == Gap.State.GAP) {
        listener.onGap(gap);
      } else {
        listener.onChange(gap);
      }
    } catch (RuntimeException failure) {
      log.warn("The gap listener failed on {}", gap, failure);
    }
  }

  /** A message was processed, and is to be acknowledged once that is saved. */
  void completed(Work work) {
    detector.completed(work.lane.lane, work.message);
    completed.add(work);
  }

  /** Saves what changed; the messages that may be acknowledged now. */
  List<Work> saved() {
    if (failed && clock.nanos() - failedAt < SAVE_AGAIN_NANOS) {
      return List.of();
    }
    detector
        .takeChanged()
        .forEach((lane, chains) -> unsaved.merge(lane, chains, GapKeeper::newest));
    if (!save() || completed.isEmpty()) {
      return List.of();
    }
    List<Work> saved = completed;
    completed = new ArrayList<>();
    return saved;
  }

  private static List<ChainState> newest(List<ChainState> earlier, List<ChainState> later) {
    List<ChainState> all = new ArrayList<>(earlier);
    for (ChainState chain : later) {
      all.removeIf(old -> old.epoch() == chain.epoch() && old.source().equals(chain.source()));
    }
    all.addAll(later);
    return all;
  }

  private boolean save() {
    GapStore keeping = store;
    if (keeping == null) {
      return true;
    }
    try {
      for (Integer lane : List.copyOf(unsaved.keySet())) {
        save(keeping, lane);
      }
      failed = false;
    } catch (RuntimeException failure) {
      failed = true;
      failedAt = clock.nanos();
      if (warnings.allows("store")) {
        log.warn(
            "What group {} of {} has completed cannot be saved: nothing is acknowledged until it"
                + " can, and it is tried again each second. Told at most once a minute",
            settings.group(),
            settings.topic(),
            failure);
      }
    }
    return !failed && refused == null;
  }

  private void save(GapStore keeping, Integer lane) {
    Claim claim = claims.get(lane);
    List<ChainState> chains = unsaved.get(lane);
    if (claim == null || chains == null || keeping.save(claim, chains)) {
      unsaved.remove(lane);
    } else {
      refused = lane;
    }
  }

  /** These lanes are held no more. */
  void forget(Set<Integer> lanes) {
    detector.forget(lanes);
    claims.keySet().removeAll(lanes);
    unsaved.keySet().removeAll(lanes);
    if (refused != null && lanes.contains(refused)) {
      refused = null;
    }
  }
}
