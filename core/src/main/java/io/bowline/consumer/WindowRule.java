// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.dedupe.Remembers;
import io.bowline.retry.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Whether a message is remembered for as long as it may come again. It may wait at the broker, or
 * among the dead letters and then at the broker, and then behind an earlier message of its key
 * which uses up its tries. Behind one that is tried without limit nothing took effect that could
 * come again, so of those tries one counts. Pure.
 *
 * @param copies whether there are copies elsewhere, which a replay brings back
 * @param longestCall how long a call of the handler is thought to last
 */
record WindowRule(Retry retry, Duration longestCall, Window window, boolean copies) {
  private static final String RETENTION = "the topic's retention, as audited";

  /** Nobody waits longer, and what is longer counts as this: 10 years. */
  private static final Duration LONGEST = Duration.ofDays(3_650);

  WindowRule {
    longestCall = bounded(longestCall);
    window =
        new Window(bounded(window.redelivered()), bounded(window.replayed()), window.audited());
  }

  private static Duration bounded(Duration span) {
    return span.compareTo(LONGEST) < 0 ? span : LONGEST;
  }

  /** How long after its effect a message may come to its handler's turn once more. */
  Duration longest() {
    Duration waiting = window.redelivered().plus(copies ? window.replayed() : Duration.ZERO);
    return waiting.plus(calls()).plus(waits());
  }

  private boolean ends() {
    return retry.limit() < Integer.MAX_VALUE;
  }

  private Duration calls() {
    return longestCall.multipliedBy(ends() ? retry.limit() : 1);
  }

  /** All waits between the tries, none of them shortened by chance. */
  private Duration waits() {
    long left = ends() ? retry.limit() - 1 : 0;
    Duration all = Duration.ZERO;
    Duration next = retry.first();
    Duration most = bounded(retry.longest());
    while (left > 0 && next.compareTo(most) < 0) {
      all = all.plus(next);
      next = next.multipliedBy(2);
      left--;
    }
    return all.plus(most.multipliedBy(left));
  }

  /** Why a consumer must not start with this memory; empty if it may. */
  Optional<String> refusal(Remembers memory) {
    if (memory.remembers().compareTo(longest()) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "%s remembers a message for %s, but it may come again %s after it took effect, and would"
                .formatted(memory.memory(), words(memory.remembers()), words(longest()))
            + " then take effect twice: "
            + sum()
            + ". Have it remember for longer, or tell the consumer what holds here");
  }

  private String sum() {
    return words(window.redelivered())
        + " from the broker (%s) + ".formatted(window.audited() ? RETENTION : "redeliveredFor")
        + (copies ? words(window.replayed()) + " among dead letters (replayedFor) + " : "")
        + "%s behind another one of its key (%d x %s stuckAfter, and %s of waits by retry)"
            .formatted(
                words(calls().plus(waits())),
                ends() ? retry.limit() : 1,
                words(longestCall),
                words(waits()));
  }

  private static String words(Duration span) {
    StringJoiner words = new StringJoiner(" ");
    add(words, span.toDays(), "d");
    add(words, span.toHoursPart(), "h");
    add(words, span.toMinutesPart(), "min");
    if (words.length() == 0 || span.toSecondsPart() > 0 || span.toMillisPart() > 0) {
      String millis = span.toMillisPart() == 0 ? "" : ".%03d".formatted(span.toMillisPart());
      words.add(span.toSecondsPart() + millis + " s");
    }
    return words.toString();
  }

  private static void add(StringJoiner words, long count, String unit) {
    if (count > 0) {
      words.add(count + " " + unit);
    }
  }
}
