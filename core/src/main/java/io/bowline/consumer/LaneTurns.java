// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapDetector;
import io.bowline.gap.GapStore.Claim;
import io.bowline.message.Watermark;
import io.bowline.transport.Subscription;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lanes that go from member to member in turns, without telling. A lane is claimed anew with each
 * batch of it that arrives: what the one before completed is in the store by then, since it was
 * saved before it was acknowledged, and the broker hands out nothing more of a lane before that.
 * Confined to the polling thread.
 */
final class LaneTurns {
  private final Subscription subscription;
  private final GapDetector detector;
  private final LaneClaims claims;
  private final HeldWork held;

  /** The lanes of the batch that is arriving. */
  private final Set<Integer> begun = new HashSet<>();

  /** Lanes claimed to save something, that are another member's or nobody's. */
  private final Set<Integer> visited = new HashSet<>();

  LaneTurns(Subscription subscription, GapDetector detector, LaneClaims claims, HeldWork held) {
    this.subscription = subscription;
    this.detector = detector;
    this.claims = claims;
    this.held = held;
  }

  /** A batch arrives; whether turns are still kept. */
  boolean arriving() {
    begun.clear();
    boolean kept = subscription.handsOutInTurns();
    if (!kept) {
      claims.lanes().forEach(this::forget);
    }
    return kept;
  }

  /** A message of the batch arrives by this lane. */
  void arrived(int lane, List<Work> completed, long now) {
    if (begun.add(lane)) {
      take(lane, completed, now);
    }
  }

  /**
   * Goes on where the one who had the lane last ended, be it this member. What is held here by an
   * earlier turn was handed out to nobody else, as all that is open comes before what arrives now.
   *
   * @param completed what was done and is not saved
   */
  private void take(int lane, List<Work> completed, long now) {
    claims.changed(detector.takeChanged());
    Claim before = claims.of(lane);
    boolean saved = before != null && !visited.remove(lane) && claims.save(Integer.valueOf(lane));
    Claim claim = claims.take(lane);
    if (saved && before != null && claim.number() == before.number() + 1) {
      return; // nobody had it in between
    }
    restore(claim, completed, now);
    for (Work work = held.lane(lane).oldest(); work != null; work = work.next) {
      arrivedBefore(work, now);
    }
  }

  private void restore(Claim claim, List<Work> completed, long now) {
    int lane = claim.lane().lane();
    detector.forget(Set.of(lane));
    detector.restoreInTurn(lane, claim.chains(), now);
    for (Work work : completed) {
      if (work.lane.lane == lane) {
        detector.arrivedEarlier(lane, work.message, now);
        detector.completed(lane, work.message, work.isSetAside());
      }
    }
  }

  /**
   * Claims a lane whose turn is over, or is another member's, to change what is kept of it, until
   * that is saved. Nothing is missed meanwhile that was not: what did not arrive here may be at
   * work there. Who has the turn comes back in the same way.
   */
  private void visit(int lane, List<Work> completed, long now) {
    restore(claims.take(lane), completed, now);
    visited.add(lane);
  }

  private void arrivedBefore(Work work, long now) {
    if (work.passedOver) {
      Watermark.in(work.message)
          .ifPresent(mark -> detector.marked(work.lane.lane, mark, true, now));
    } else {
      var unused = detector.arrived(work.lane.lane, work.message, true, now);
    }
  }

  /** A message was done; its turn may have been forgotten. */
  void completes(Work work, List<Work> completed, long now) {
    int lane = work.lane.lane;
    if (claims.of(lane) == null) {
      visit(lane, completed, now);
    }
    if (visited.contains(lane)) {
      detector.arrivedEarlier(lane, work.message, now);
    }
  }

  /** Somebody wants to change what is kept of a lane, whoever has it. */
  void wanted(int lane, List<Work> completed, long now) {
    if (claims.of(lane) == null || !claims.isCurrent(lane)) {
      visit(lane, completed, now);
    }
  }

  /** Whether nobody else has the lane now; if somebody has, what is missing is for them to tell. */
  boolean isOurs(int lane, List<Work> completed, long now) {
    boolean ours = claims.isCurrent(lane);
    if (!ours) {
      over(lane, completed, now);
    }
    return ours;
  }

  /** Others have claimed lanes that were to be saved. */
  void refused(List<Work> completed, long now) {
    for (Integer lane = claims.refused(); lane != null; lane = claims.refused()) {
      over(lane, completed, now);
    }
  }

  /**
   * A turn is over. What was completed in it is kept all the same: it is true whoever has the lane,
   * and whether its message can still be acknowledged the subscription knows.
   */
  private void over(int lane, List<Work> completed, long now) {
    if (completed.stream().anyMatch(work -> work.lane.lane == lane)) {
      visit(lane, completed, now);
    } else {
      forget(lane);
    }
  }

  /** All is saved: visits are over. */
  void saved() {
    if (!visited.isEmpty()) {
      List.copyOf(visited).forEach(this::forget);
    }
  }

  private void forget(int lane) {
    Set<Integer> one = Set.of(lane);
    visited.remove(lane);
    detector.forget(one);
    claims.forget(one);
  }
}
