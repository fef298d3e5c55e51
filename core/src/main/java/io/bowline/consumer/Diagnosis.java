// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.consumer.Health.Status;
import io.bowline.consumer.Signs.Phase;
import io.bowline.consumer.Signs.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** From the signs of a consumer to its health. Pure. */
final class Diagnosis {
  /** So many failures in a row, without one call that ended well, are told. */
  static final int MANY_FAILURES = 10;

  private static final long SECOND = 1_000_000_000;

  private final long stuckAfter;

  /**
   * @param stuckAfter in nanoseconds
   */
  Diagnosis(long stuckAfter) {
    this.stuckAfter = stuckAfter;
  }

  Health of(Signs signs, long now) {
    Signs.Loop loop = signs.loop();
    if (loop.phase() == Phase.CLOSED) {
      return new Health(Status.CLOSED, List.of("it was closed"));
    }
    if (loop.phase() == Phase.DIED) {
      return new Health(
          Status.STUCK,
          List.of(
              "its polling thread died of "
                  + loop.trouble()
                  + ", see the ERROR in the log: nothing is received any more. Close this consumer"
                  + " and start another"));
    }
    List<String> stuck = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    messages(signs.held(), now, stuck, degraded);
    polling(loop, now, stuck, degraded);
    progress(signs, now, stuck, degraded);
    calls(signs.calls(), now, degraded);
    Status status =
        stuck.isEmpty() ? degraded.isEmpty() ? Status.UP : Status.DEGRADED : Status.STUCK;
    stuck.addAll(degraded);
    return new Health(status, stuck);
  }

  private void messages(Signs.Held held, long now, List<String> stuck, List<String> degraded) {
    Place atWork = held.atWork();
    if (atWork != null && isLong(atWork, now)) {
      stuck.add(
          "the handler of "
              + atWork.message()
              + " has been at work for "
              + span(now - atWork.since())
              + behind(atWork)
              + ". See what it waits for in a thread dump; a longer stuckAfter is for handlers that"
              + " may take so long");
    }
    Place failing = held.failing();
    if (failing != null && isLong(failing, now)) {
      degraded.add(
          failing.message()
              + " has been failing for "
              + span(now - failing.since())
              + ", in "
              + failing.calls()
              + " calls of its handler"
              + behind(failing)
              + ". The log has the reason");
    }
  }

  private boolean isLong(Place place, long now) {
    return now - place.since() >= stuckAfter;
  }

  private static String behind(Place place) {
    return place.behind() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; %,d later messages of its lane were taken since, which all come again after a crash"
                + " where a lane is acknowledged from its beginning",
            place.behind());
  }

  private void polling(Signs.Loop loop, long now, List<String> stuck, List<String> degraded) {
    long silent = now - loop.turned();
    if (loop.phase() == Phase.JOINING) {
      (silent >= stuckAfter ? stuck : degraded)
          .add(
              "the subscription broke by "
                  + loop.trouble()
                  + ", and joining the group anew has taken "
                  + span(silent)
                  + " so far. The WARNs in the log say what was seen");
    } else if (loop.phase() == Phase.WORKING && silent >= stuckAfter) {
      stuck.add(
          "the broker's client has not returned from a poll for "
              + span(silent)
              + ". See the thread bowline-poll-… in a thread dump, and the broker");
    }
  }

  private void progress(Signs signs, long now, List<String> stuck, List<String> degraded) {
    Signs.GateSigns gate = signs.gate();
    Signs.Shut paused = gate.paused();
    if (paused != null) {
      degraded.add("paused for " + span(now - paused.since()) + ": " + paused.why());
    }
    Signs.Shut postponed = signs.calls().postponed();
    Signs.Shut broken = gate.broken();
    if (broken != null) {
      degraded.add(
          "messages have been held back for "
              + span(now - broken.since())
              + ", since the handler failed again and again by "
              + broken.why()
              + ". One is tried now and then");
    } else if (paused == null
        && postponed == null
        && signs.held().messages() > 0
        && now - lastProgress(signs) >= stuckAfter) {
      stuck.add(
          String.format(
              Locale.ROOT,
              "none of the %,d messages in memory was acknowledged for %s",
              signs.held().messages(),
              span(now - lastProgress(signs))));
    }
  }

  private static void calls(Signs.Calls calls, long now, List<String> degraded) {
    Signs.Shut postponed = calls.postponed();
    if (postponed != null) {
      degraded.add(
          "its handler has been postponing messages for "
              + span(now - postponed.since())
              + " by "
              + postponed.why()
              + ". They are kept, and no attempt is spent; the log has the reason");
    }
    if (calls.failures() >= MANY_FAILURES) {
      degraded.add(
          String.format(
              Locale.ROOT,
              "the last %,d calls of the handler all failed, at last by %s",
              calls.failures(),
              calls.last()));
    }
  }

  private static long lastProgress(Signs signs) {
    long any = Math.max(signs.loop().settled(), signs.held().since());
    return Math.max(any, signs.gate().open());
  }

  /** A span of time in words: {@code 6 min 10 s}. */
  static String span(long nanos) {
    long seconds = Math.max(0, nanos) / SECOND;
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3_600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }
}
