// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Signs.Held;
import io.bowline.consumer.Signs.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks through what is in memory, now and then, for handlers that are at work for long and
 * messages that fail for long: so handlers need not look at a clock. A call or a failure counts
 * from the first look that saw it. Confined to the polling thread.
 */
final class Sweep {
  /** The most calls on lanes that are gone which are still looked after. */
  private static final int MOST_LEFT = 1_000;

  private final List<Work> left = new ArrayList<>();
  private @Nullable Work atWork;
  private @Nullable Work failing;

  /** These were at work when their lanes went away. */
  void leaves(List<Work> works) {
    works.stream().limit(Math.max(0, MOST_LEFT - left.size())).forEach(left::add);
  }

  Held over(HeldWork held, long heldSince, long now) {
    atWork = null;
    failing = null;
    for (LaneWork lane : held.all()) {
      for (Work work = lane.oldest(); work != null; work = work.next) {
        see(work, now);
      }
    }
    left.removeIf(work -> !work.isAtWork());
    left.forEach(work -> see(work, now));
    return new Held(
        held.messages(),
        heldSince,
        atWork == null ? null : place(atWork, atWork.callSeen),
        failing == null ? null : place(failing, failing.failureSeen));
  }

  private void see(Work work, long now) {
    int steps = work.steps();
    if (steps != work.stepsSeen) {
      work.stepsSeen = steps;
      work.callSeen = now;
    }
    if (work.isAtWork() && (atWork == null || work.callSeen < atWork.callSeen)) {
      atWork = work;
    }
    if (work.calls > 0) {
      if (!work.failureWasSeen) {
        work.failureWasSeen = true;
        work.failureSeen = now;
      }
      if (failing == null || work.failureSeen < failing.failureSeen) {
        failing = work;
      }
    }
  }

  private static Place place(Work work, long since) {
    String message =
        String.format(
            Locale.ROOT,
            "message %s of %s (lane %d, position %s)",
            work.message.id(),
            work.message.topic(),
            work.lane.lane,
            work.message.origin().position());
    return new Place(message, since, work.calls, work.lane.takenAfter(work));
  }
}
