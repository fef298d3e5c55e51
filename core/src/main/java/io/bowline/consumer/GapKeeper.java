// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.GapView.Asked;
import io.bowline.gap.Dismissal;
import io.bowline.gap.Gap;
import io.bowline.gap.Gap.State;
import io.bowline.gap.GapDetector;
import io.bowline.gap.GapStore;
import io.bowline.message.Received;
import io.bowline.message.Watermark;
import io.bowline.retry.SteadyClock;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

  /** How often it is looked for chains that are silent: each second. */
  private static final long LISTEN_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  /** How often to see whether the turn of a lane is over where something is open: 1 s. */
  private static final long LOOK_EVERY_MILLIS = 1_000;

  private final ConsumerSettings settings;
  private final SteadyClock clock;
  private final GapView view;
  private final HeldWork held;
  private final GapTeller teller;
  private final ArrivalChecks checks;
  private final @Nullable LaneClaims claims;

  /** Lanes that are ours, and were not claimed yet. */
  private final Set<Integer> fresh = new HashSet<>();

  private final Set<Integer> ours = new HashSet<>();
  private final List<Asked> onceSaved = new ArrayList<>();
  private @Nullable LaneTurns turns;
  private GapDetector detector;
  private List<Work> completed = new ArrayList<>();
  private boolean looks;
  private boolean keeps;
  private long now;
  private long silenceAsked;
  private long lookedAt;

  GapKeeper(ConsumerSettings settings, ReceiveLoop.Crew crew, GapView view, HeldWork held) {
    this.settings = settings;
    this.clock = crew.machine().clock();
    this.view = view;
    this.held = held;
    GapMeters meters = crew.meters().gaps();
    this.teller = new GapTeller(settings.gaps().listener(), crew.threads(), meters, view);
    this.checks = new ArrivalChecks(settings.topic(), meters);
    this.detector = new GapDetector(settings.topic(), settings.group(), GapDetector.DEFAULT_GRACE);
    GapStore store = settings.gaps().store();
    this.claims =
        store == null ? null : new LaneClaims(store, settings.topic(), settings.group(), clock);
  }

  /** Whether and how to look is for the subscription to say. */
  void begin(Subscription subscription) {
    detector = new GapDetector(settings.topic(), settings.group(), subscription.lateness());
    boolean inTurns = !subscription.holdsLanesAlone() && subscription.handsOutInTurns();
    if (inTurns && claims != null) {
      turns = new LaneTurns(subscription, detector, claims, held);
    }
    looks = subscription.holdsLanesAlone() || turns != null;
    keeps = looks && claims != null;
    if (!looks && (settings.gaps().listener() != null || claims != null)) {
      log.warn(
          "Group {} of {}: gaps are NOT looked for, since this broker shares a lane among members"
              + " without telling them, and numbers that another member received would look"
              + " missing{}",
          settings.group(),
          settings.topic(),
          inTurns ? ". With a gapStore that all members use they are" : "");
    }
  }

  /** Whether what is completed is saved before it is acknowledged. */
  boolean keeps() {
    return keeps;
  }

  /** These lanes are held from now on. */
  void assigned(Set<Integer> lanes) {
    ours.addAll(lanes);
    fresh.addAll(lanes);
  }

  /** Some messages arrive now. */
  void arriving() {
    now = clock.millis();
    if (turns != null && !turns.arriving()) {
      turns = null;
      looks = false;
      log.warn(
          "Group {} of {}: gaps are NOT looked for any more, since the broker handed out messages"
              + " of a group that is not in order",
          settings.group(),
          settings.topic());
    }
  }

  void arrived(Delivery delivery, Received message) {
    checks.arrived(message);
    if (!looks) {
      return;
    }
    int lane = delivery.lane();
    taken(lane);
    checks.saw(detector.arrived(lane, message, delivery.attempt() > 1, now), message);
  }

  /** A watermark arrived. */
  void arrived(Delivery delivery, Watermark mark) {
    if (looks) {
      taken(delivery.lane());
      detector.marked(delivery.lane(), mark, delivery.attempt() > 1, now);
    }
  }

  /** Everything that came to the broker until now has arrived here. */
  void caughtUp() {
    long asked = clock.nanos();
    // Where members take turns, what does not come here may go to another one.
    if (!looks || turns != null || asked - silenceAsked < LISTEN_AGAIN_NANOS) {
      return;
    }
    silenceAsked = asked;
    detector.silent(clock.millis()).forEach(teller::tell);
  }

  private void taken(int lane) {
    if (turns != null) {
      turns.arrived(lane, completed, now);
    } else if (keeps) {
      claimed(lane);
    }
  }

  private void claimed(int lane) {
    if (claims != null && claims.of(lane) == null) {
      detector.restore(lane, claims.take(lane).chains(), clock.millis());
    }
  }

  /**
   * Tells of gaps, and of changes of those that were told.
   *
   * @throws IllegalStateException if another member has claimed a lane that is still ours by what
   *     the broker says: the group is to be joined anew
   */
  void tell() {
    failIfRefused();
    if (looks && keeps && turns == null && !fresh.isEmpty()) {
      fresh.forEach(this::claimed); // what is open there is shown, whatever arrives
      fresh.clear();
    }
    long moment = clock.millis();
    for (Gap gap : detector.due(moment)) {
      if (turns == null
          || gap.state() != State.GAP
          || turns.isOurs(gap.lane(), completed, moment)) {
        teller.tell(gap);
      }
    }
    if (turns != null && !view.gaps().isEmpty() && moment - lookedAt >= LOOK_EVERY_MILLIS) {
      lookedAt = moment;
      lookAfter(turns);
    }
    teller.show(detector, moment);
  }

  private void failIfRefused() {
    Integer refused = claims == null ? null : claims.refused();
    if (refused != null && turns == null) {
      throw new IllegalStateException(
          "Lane "
              + refused
              + " of "
              + settings.topic()
              + " was claimed by another member of group "
              + settings.group()
              + " while this one held it: nothing more of it is acknowledged here");
    }
  }

  private void lookAfter(LaneTurns taken) {
    for (Gap gap : view.gaps()) {
      var unused = taken.isOurs(gap.lane(), completed, lookedAt);
    }
  }

  /** A message was processed, and is to be acknowledged once that is saved. */
  void completed(Work work) {
    int lane = work.lane.lane;
    if (turns != null) {
      turns.completes(work, completed, clock.millis());
    }
    detector.completed(lane, work.message, work.isSetAside());
    completed.add(work);
  }

  /** Saves what changed; the messages that may be acknowledged now. */
  List<Work> saved() {
    if (claims != null) {
      claims.changed(detector.takeChanged());
      if (!claims.save()) {
        if (turns != null) {
          turns.refused(completed, clock.millis());
        }
        return List.of();
      }
    }
    if (turns != null) {
      turns.saved();
    }
    answerAll(Dismissal.DISMISSED);
    if (completed.isEmpty()) {
      return List.of();
    }
    List<Work> saved = completed;
    completed = new ArrayList<>();
    return saved;
  }

  /** Carries out what was asked for by other threads. */
  void attend() {
    for (Asked asked = view.next(); asked != null; asked = view.next()) {
      try {
        dismiss(asked);
      } catch (RuntimeException failure) { // of the store: nothing has changed
        asked.failed(failure);
      }
    }
  }

  private void dismiss(Asked asked) {
    int lane = asked.gap().lane();
    if (!looks || (turns == null && !ours.contains(lane))) {
      asked.became(Dismissal.NOT_HELD);
      return;
    }
    if (turns != null) {
      turns.wanted(lane, completed, clock.millis());
    } else if (keeps) {
      claimed(lane);
    }
    if (!detector.explain(asked.gap(), State.DISMISSED)) {
      asked.became(Dismissal.NOT_OPEN);
      return;
    }
    log.info("Missed no more: {}, dismissed: {}", asked.gap(), asked.reason());
    detector.due(clock.millis()).forEach(teller::tell);
    if (keeps) {
      onceSaved.add(asked);
    } else {
      asked.became(Dismissal.DISMISSED);
    }
  }

  private void answerAll(Dismissal answer) {
    if (!onceSaved.isEmpty()) {
      onceSaved.forEach(asked -> asked.became(answer));
      onceSaved.clear();
    }
  }

  /** Nothing is held any more. */
  void end() {
    answerAll(Dismissal.NOT_HELD);
    teller.showNothing();
  }

  /** These lanes are held no more. */
  void forget(Set<Integer> lanes) {
    ours.removeAll(lanes);
    fresh.removeAll(lanes);
    detector.forget(lanes);
    if (claims != null) {
      claims.forget(lanes);
    }
  }
}
