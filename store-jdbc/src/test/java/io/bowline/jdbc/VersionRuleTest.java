// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.jdbc.VersionRows.KeyOfSource;
import io.bowline.jdbc.VersionRule.Epochs;
import io.bowline.jdbc.VersionRule.Step;
import io.bowline.jdbc.VersionRule.Verdict;
import io.bowline.message.Stamp.KeyNumber;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Here a missing number is waited for until 100 ms have passed. */
final class VersionRuleTest {
  private static final VersionRule STRICT = new VersionRule(Epochs.APART, false, 100, false);
  private static final VersionRule THROUGH = new VersionRule(Epochs.ON, false, 100, false);
  private static final VersionRule AGAIN = new VersionRule(Epochs.AGAIN, false, 100, false);
  private static final VersionRule ANYWHERE = new VersionRule(Epochs.APART, true, 100, false);
  private static final VersionRule LENIENT = new VersionRule(Epochs.APART, false, 100, true);

  private VersionState state = VersionState.NEW;
  private long now = 1_000;

  private Verdict takes(VersionRule rule, KeyNumber number, long epoch) {
    Step step = rule.of(state, number, epoch, now);
    state = step.next();
    return step.verdict();
  }

  private Verdict takes(VersionRule rule, long number) {
    return takes(rule, new KeyNumber(number, 0, false), 1);
  }

  @Test
  void theNextNumberTakesEffectAndALowerOneDid() {
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.DONE, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
    assertEquals(Verdict.DONE, takes(STRICT, 1));
    assertEquals(2, state.last());
  }

  @Test
  void aHigherOneWaitsForThoseBetween() {
    assertEquals(Verdict.WAIT, takes(STRICT, 3));
    assertEquals(Verdict.WAIT, takes(STRICT, 2));
    assertEquals(2, state.waitsFirst());
    assertEquals(3, state.waitsLast());
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
    assertEquals(Verdict.APPLY, takes(STRICT, 3));
    assertEquals(new VersionState(1, 3, NumberRanges.NONE, 0, 0, 0), state);
  }

  @Test
  void whatIsWaitedForInVainIsTold() {
    assertEquals(Verdict.WAIT, takes(STRICT, 2));
    now += 99;
    assertEquals(Verdict.WAIT, takes(STRICT, 2));
    now++;
    assertEquals(Verdict.MISSING, takes(STRICT, 2));
    assertEquals(Verdict.MISSING, takes(STRICT, 3), "nor do later ones wait anew");
    assertEquals(Verdict.APPLY, takes(STRICT, 1), "it came after all");
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
  }

  @Test
  void eachHoleIsWaitedForAnew() {
    assertEquals(Verdict.WAIT, takes(STRICT, 2));
    assertEquals(Verdict.WAIT, takes(STRICT, 4));
    now += 99;
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
    now += 99;
    assertEquals(Verdict.WAIT, takes(STRICT, 4));
    now++;
    assertEquals(Verdict.MISSING, takes(STRICT, 4));
  }

  @Test
  void voidedNumbersAreNotWaitedForAndTakeNoEffectLater() {
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, new KeyNumber(4, 2, false), 1));
    assertEquals(Verdict.LATE, takes(STRICT, 2));
    assertEquals(Verdict.LATE, takes(STRICT, 3));
    assertEquals(Verdict.DONE, takes(STRICT, 4));
  }

  @Test
  void aVoidedNumberThatCameInTimeTookEffect() {
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
    assertEquals(Verdict.APPLY, takes(STRICT, new KeyNumber(3, 1, false), 1));
    assertEquals(Verdict.DONE, takes(STRICT, 2));
  }

  /** Number 5 voids 2, and 6 voids 4, though they come the other way round. */
  @Test
  void whatMessagesThatWaitHaveVoidedIsRemembered() {
    assertEquals(Verdict.WAIT, takes(STRICT, new KeyNumber(6, 1, 4, false), 1));
    assertEquals(Verdict.WAIT, takes(STRICT, new KeyNumber(5, 1, 2, false), 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 3));
    assertEquals(Verdict.APPLY, takes(STRICT, 5));
    assertEquals(Verdict.APPLY, takes(STRICT, 6));
    assertEquals("2-2,4-4", state.without().text());
  }

  @Test
  void aVoidedNumberMayStillBeTheNextOne() {
    assertEquals(Verdict.WAIT, takes(STRICT, new KeyNumber(4, 1, 2, false), 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 1));
    assertEquals(Verdict.APPLY, takes(STRICT, 2));
    assertEquals(Verdict.DONE, takes(STRICT, 2));
    assertEquals(Verdict.APPLY, takes(STRICT, 3));
    assertEquals(Verdict.APPLY, takes(STRICT, 4));
    assertEquals(NumberRanges.NONE, state.without());
  }

  @Test
  void theFirstOfAProducerBeginsAndWhatComesFromBeforeIsLate() {
    assertEquals(Verdict.APPLY, takes(STRICT, new KeyNumber(7, 0, true), 1));
    assertEquals(Verdict.LATE, takes(STRICT, 6));
    assertEquals(Verdict.APPLY, takes(STRICT, 8));
    assertEquals(Verdict.APPLY, takes(STRICT, new KeyNumber(20, 0, true), 1), "it forgot the key");
    assertEquals(Verdict.LATE, takes(STRICT, 9));
  }

  @Test
  void numbersThatGoThroughEpochsBeginOnce() {
    assertEquals(Verdict.WAIT, takes(THROUGH, new KeyNumber(2, 0, true), 2), "1 is another's");
    assertEquals(Verdict.APPLY, takes(THROUGH, new KeyNumber(1, 0, true), 1));
    assertEquals(Verdict.APPLY, takes(THROUGH, new KeyNumber(2, 0, true), 2));
    assertEquals(Verdict.DONE, takes(THROUGH, new KeyNumber(1, 0, true), 1));
    assertEquals(Verdict.APPLY, takes(THROUGH, new KeyNumber(3, 0, true), 1));
    assertEquals(Verdict.DONE, takes(THROUGH, new KeyNumber(2, 0, true), 2));
  }

  @Test
  void aLaterProducerThatCountsAnewIsFoundOut() {
    assertEquals(Verdict.APPLY, takes(THROUGH, new KeyNumber(1, 0, true), 1));
    assertEquals(Verdict.APPLY, takes(THROUGH, new KeyNumber(2, 0, false), 1));
    assertEquals(Verdict.BACK, takes(THROUGH, new KeyNumber(1, 0, true), 2));
    assertEquals(Verdict.DONE, takes(THROUGH, new KeyNumber(1, 0, true), 1));
  }

  @Test
  void whatALaterRelayOfAnOutboxSendsAgainWasDone() {
    assertEquals(Verdict.APPLY, takes(AGAIN, new KeyNumber(1, 0, true), 1));
    assertEquals(Verdict.WAIT, takes(AGAIN, new KeyNumber(3, 0, true), 2));
    assertEquals(Verdict.DONE, takes(AGAIN, new KeyNumber(1, 0, true), 2));
    assertEquals(Verdict.APPLY, takes(AGAIN, new KeyNumber(2, 0, true), 2));
    assertEquals(Verdict.APPLY, takes(AGAIN, new KeyNumber(3, 0, true), 1));
    assertEquals(Verdict.DONE, takes(AGAIN, new KeyNumber(2, 0, true), 3));
  }

  @Test
  void eachEpochHasARowUnlessNumbersGoThrough() {
    KeyOfSource one = new KeyOfSource("orders", "shop", 1, "user-7");
    KeyOfSource next = new KeyOfSource("orders", "shop", 2, "user-7");
    assertFalse(Arrays.equals(STRICT.row(one, "g"), STRICT.row(next, "g")));
    assertTrue(Arrays.equals(THROUGH.row(one, "g"), THROUGH.row(next, "g")));
    assertFalse(Arrays.equals(THROUGH.row(one, "g"), THROUGH.row(one, "h")));
    KeyOfSource other = new KeyOfSource("orders", "web", 1, "user-7");
    assertFalse(Arrays.equals(THROUGH.row(one, "g"), THROUGH.row(other, "g")));
  }

  @Test
  void aKeyMayBeginAnywhereIfThatIsChosen() {
    assertEquals(Verdict.APPLY, takes(ANYWHERE, 7));
    assertEquals(Verdict.WAIT, takes(ANYWHERE, 9), "only the first");
    assertEquals(Verdict.LATE, takes(ANYWHERE, 6));
  }

  @Test
  void holesThatAreAcceptedArePassedOverAfterTheWaitByTheLowestThatWaits() {
    assertEquals(Verdict.APPLY, takes(LENIENT, 1));
    assertEquals(Verdict.WAIT, takes(LENIENT, 6));
    assertEquals(Verdict.WAIT, takes(LENIENT, 4));
    now += 100;
    assertEquals(Verdict.WAIT, takes(LENIENT, 6), "4 is there");
    assertEquals(Verdict.APPLY_PAST_HOLE, takes(LENIENT, 4));
    assertEquals(Verdict.WAIT, takes(LENIENT, 6), "5 may come");
    assertEquals(Verdict.LATE, takes(LENIENT, 3));
    assertEquals(Verdict.APPLY, takes(LENIENT, 5));
    assertEquals(Verdict.APPLY, takes(LENIENT, 6));
  }

  /** Its handler may have failed for good, so that it went to the dead letters. */
  @Test
  void theLowestThatWaitedIsNotWaitedForForEver() {
    assertEquals(Verdict.WAIT, takes(LENIENT, 2));
    assertEquals(Verdict.WAIT, takes(LENIENT, 3));
    now += 199;
    assertEquals(Verdict.WAIT, takes(LENIENT, 3));
    now++;
    assertEquals(Verdict.APPLY_PAST_HOLE, takes(LENIENT, 3));
    assertEquals(Verdict.LATE, takes(LENIENT, 2));
  }
}
