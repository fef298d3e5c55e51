// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.dedupe.Remembers;
import io.bowline.retry.Retry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WindowRuleTest {
  private static final Window WEEK = new Window(ofDays(7), ofDays(3));
  private static final Retry FIVE = Retry.attempts(5).backoff(ofSeconds(1), ofSeconds(4));

  private static Remembers memory(Duration remembers) {
    return new Remembers() {
      @Override
      public Duration remembers() {
        return remembers;
      }

      @Override
      public String memory() {
        return "table inbox";
      }
    };
  }

  @Test
  void itIsTheWaitAtTheBrokerAndTheTriesOfTheOneBefore() {
    WindowRule rule = new WindowRule(FIVE, ofMinutes(1), WEEK, false);
    assertEquals(ofDays(7).plusMinutes(5).plusSeconds(1 + 2 + 4 + 4), rule.longest());
  }

  @Test
  void copiesAddTheTimeInWhichTheyAreReplayed() {
    WindowRule rule = new WindowRule(FIVE, ofMinutes(1), WEEK, true);
    assertEquals(ofDays(10).plusMinutes(5).plusSeconds(11), rule.longest());
  }

  @Test
  void aRetentionThatWasReadCountsIfItIsLonger() {
    assertEquals(WEEK, WEEK.kept(Optional.of(ofDays(3))));
    assertEquals(WEEK, WEEK.kept(Optional.empty()));
    WindowRule rule = new WindowRule(FIVE, ofMinutes(1), WEEK.kept(Optional.of(ofDays(14))), true);
    assertEquals(ofDays(17).plusMinutes(5).plusSeconds(11), rule.longest());
    String said = rule.refusal(memory(ofDays(11))).orElseThrow();
    assertTrue(said.contains("14 d from the broker (the topic's retention, as audited)"), said);
  }

  @Test
  void chanceShortensNoWait() {
    WindowRule rule = new WindowRule(FIVE.jitter(1), ofMinutes(1), WEEK, false);
    assertEquals(ofDays(7).plusMinutes(5).plusSeconds(11), rule.longest());
  }

  @Test
  void ofTriesWithoutLimitOneCounts() {
    WindowRule rule = new WindowRule(Retry.forever(), ofMinutes(1), WEEK, false);
    assertEquals(ofDays(7).plusMinutes(1), rule.longest());
  }

  @Test
  void oneTryHasNoWait() {
    WindowRule rule = new WindowRule(Retry.attempts(1), ofMinutes(1), WEEK, false);
    assertEquals(ofDays(7).plusMinutes(1), rule.longest());
  }

  @Test
  void whatWasSetWithoutMeasureIsCounted() {
    Duration forEver = ChronoUnit.FOREVER.getDuration();
    Retry most = Retry.attempts(Integer.MAX_VALUE - 1).backoff(ofSeconds(1), forEver);
    WindowRule rule = new WindowRule(most, forEver, new Window(forEver, forEver), true);
    assertTrue(rule.longest().compareTo(ofDays(36_500)) > 0);
    assertEquals(Optional.empty(), rule.refusal(memory(forEver)));
  }

  @Test
  void aMemoryThatLastsAsLongWillDo() {
    WindowRule rule = new WindowRule(FIVE, ofMinutes(1), WEEK, true);
    assertEquals(Optional.empty(), rule.refusal(memory(rule.longest())));
  }

  @Test
  void aShorterMemoryIsRefusedWithTheArithmetic() {
    WindowRule rule = new WindowRule(FIVE, ofMinutes(1), WEEK, true);
    assertEquals(
        "table inbox remembers a message for 1 d 12 h 0.500 s, but it may come again 10 d 5 min 11"
            + " s after it took effect, and would then take effect twice: 7 d from the broker"
            + " (redeliveredFor) + 3 d among dead letters (replayedFor) + 5 min 11 s behind another"
            + " one of its key (5 x 1 min stuckAfter, and 11 s of waits by retry). Have it remember"
            + " for longer, or tell the consumer what holds here",
        rule.refusal(memory(ofDays(1).plusHours(12).plusMillis(500))).orElseThrow());
  }

  @Test
  void withoutCopiesAndLimitItSaysSo() {
    WindowRule rule = new WindowRule(Retry.forever(), ofMinutes(1), WEEK, false);
    String why = rule.refusal(memory(rule.longest().minusNanos(1))).orElseThrow();
    assertTrue(
        why.contains(
            "twice: 7 d from the broker (redeliveredFor) + 1 min behind another one of its key (1 x"
                + " 1 min stuckAfter, and 0 s of waits by retry)"),
        why);
  }
}
